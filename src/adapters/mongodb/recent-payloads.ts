/** A payload up to this size is small: it is stored with its job. */
export const SMALL_PAYLOAD_BYTES = 16 * 1024;
/** How many bytes of small payloads are kept together, and how many of large ones. */
const KEPT_BYTES = { small: 4 * 1024 * 1024, large: 32 * 1024 * 1024 };
/** What a payload takes besides its bytes. */
const ENTRY_BYTES = 500;
/** How long a large one keeps its place although others wait for it: another process may load its job. */
const WAIT_MS = 10_000;

interface Kept {
  readonly payload: Buffer;
  readonly since: number;
}

/**
 * Payloads that this process accepted lately, so that it need not read them back to load them. They are durable, and a payload never changes: what is kept is as good as the log's. A payload leaves when it is
 * taken; then the log has it. Of small ones, the oldest make room for new ones. Large ones wait in a long backlog, where those that came first are also loaded first: these stay.
 */
export class RecentPayloads {
  readonly #small: KeptPayloads;
  readonly #large: KeptPayloads;

  constructor(
    { small, large } = KEPT_BYTES,
    private readonly now = () => performance.now(),
  ) {
    this.#small = new KeptPayloads(small);
    this.#large = new KeptPayloads(large);
  }

  /** Keeps the payload of a job unless it is empty, or a copy if it is a part of a larger buffer. */
  put(jobId: string, payload: Buffer): void {
    if (payload.length === 0) return;
    const isSmall = payload.length <= SMALL_PAYLOAD_BYTES;
    const kept = isSmall ? this.#small : this.#large;
    const now = this.now();
    if (!kept.has(jobId) && kept.makeRoom(payload, isSmall ? now : now - WAIT_MS)) {
      const isPart = payload.length < 0.9 * payload.buffer.byteLength;
      kept.add(jobId, { payload: isPart ? Buffer.from(payload) : payload, since: now });
    }
  }

  /** Returns the payload of a job and forgets it; undefined if it is not kept. */
  take(jobId: string): Buffer | undefined {
    return this.#small.take(jobId) ?? this.#large.take(jobId);
  }
}

/** Payloads up to so many bytes, the oldest first. */
class KeptPayloads {
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(private readonly maxBytes: number) {}

  has(jobId: string): boolean {
    return this.#kept.has(jobId);
  }

  /** Forgets the oldest, if they are there since this time or longer, until there is room. Returns whether there is. */
  makeRoom(payload: Buffer, since: number): boolean {
    const bytes = bytesOf(payload);
    if (bytes > this.maxBytes) return false;
    for (const [oldest, kept] of this.#kept) {
      if (this.#bytes + bytes <= this.maxBytes || kept.since > since) break;
      this.take(oldest);
    }
    return this.#bytes + bytes <= this.maxBytes;
  }

  add(jobId: string, kept: Kept): void {
    this.#kept.set(jobId, kept);
    this.#bytes += bytesOf(kept.payload);
  }

  take(jobId: string): Buffer | undefined {
    const payload = this.#kept.get(jobId)?.payload;
    if (!payload) return undefined;
    this.#kept.delete(jobId);
    this.#bytes -= bytesOf(payload);
    return payload;
  }
}

function bytesOf(payload: Buffer): number {
  return payload.length + ENTRY_BYTES;
}
