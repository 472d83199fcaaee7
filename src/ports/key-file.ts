/** Where the first key is kept for those who come back: a place that only the service's user can read. */
export interface KeyFile {
  read(): Promise<string | null>;
  write(secret: string): Promise<void>;
}
