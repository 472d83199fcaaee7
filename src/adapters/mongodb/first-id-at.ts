const LAST_TIME = 2 ** 48 - 1;

/** The smallest id that can have been made at this time. Ids begin with the milliseconds of their creation (UUID version 7). */
export function firstIdAt(time: Date): string {
  const ms = Math.min(Math.max(time.getTime(), 0), LAST_TIME);
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
