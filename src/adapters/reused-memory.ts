/**
 * Memory for the bodies of requests that follow each other. The engine collects all garbage after so many bytes of new buffers, whatever else it has to collect, and the system hands out each page of them anew.
 */
export class ReusedMemory {
  #bytes = Buffer.alloc(0);

  /** So many bytes, with any content. What was returned before is overwritten: its request must have been answered. */
  ofBytes(count: number): Buffer {
    if (this.#bytes.length < count) this.#bytes = Buffer.allocUnsafeSlow(count);
    return this.#bytes.subarray(0, count);
  }

  /** Leaves the memory to a request that failed, and may still be using it. */
  leave(): void {
    this.#bytes = Buffer.alloc(0);
  }
}
