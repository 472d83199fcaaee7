/** Keeps the first key for the next start, in a place that only the user of the service can read. */
export interface KeyFile {
  read(): Promise<string | null>;
  write(secret: string): Promise<void>;
}
