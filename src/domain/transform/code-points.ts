/**
 * The UTF-16 offset that is `count` code points after `start` in a well-formed text, or before it if `count` is negative. Stops at both ends of the text. The time is linear
 * in `count`.
 */
export function movedBy(text: string, start: number, count: number): number {
  let at = start;
  for (let left = count; left > 0 && at < text.length; left -= 1) at += isHigh(text, at) ? 2 : 1;
  for (let left = count; left < 0 && at > 0; left += 1) at -= at > 1 && isHigh(text, at - 2) ? 2 : 1;
  return at;
}

/** How many code points a well-formed text has. */
export function codePointCount(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at += 1) if (isHigh(text, at)) count -= 1;
  return count;
}

/** Whether a text is one code point. */
export function isOneCodePoint(text: string): boolean {
  return text !== '' && movedBy(text, 0, 1) === text.length;
}

/** Whether a surrogate pair starts at this offset. The text is well-formed, so its second half follows. */
function isHigh(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}
