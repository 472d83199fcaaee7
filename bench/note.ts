/** Tells the person who waits what is going on, and when. */
export function note(line: string): void {
  console.error(`${(performance.now() / 1_000).toFixed(1).padStart(6)} s  ${line}`);
}
