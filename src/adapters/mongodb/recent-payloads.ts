/** How many bytes are kept together. */
const KEPT_BYTES = 4 * 1024 * 1024;

/**
 * Small payloads that this process accepted lately, so that it need not read them back to load them. They are durable, and a payload never changes: a copy is as good as the log's. The
 * oldest make room for new ones, and a payload leaves when it is taken; then the log has it.
 */
export class RecentPayloads {
  readonly #kept = new Map<string, Buffer>();
  #bytes = 0;

  /** Keeps a copy of the payload of a job, since the payload may be a small part of a large buffer. */
  put(jobId: string, payload: Buffer): void {
    if (this.#kept.has(jobId)) return;
    this.#kept.set(jobId, Buffer.from(payload));
    this.#bytes += payload.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= KEPT_BYTES) break;
      this.take(oldest);
    }
  }

  /** Returns the payload of a job and forgets it; undefined if it is not kept. */
  take(jobId: string): Buffer | undefined {
    const payload = this.#kept.get(jobId);
    if (!payload) return undefined;
    this.#kept.delete(jobId);
    this.#bytes -= payload.length;
    return payload;
  }
}
