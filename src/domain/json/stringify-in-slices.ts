import { ContainerMembers, isContainer } from './container-members.js';
import { largeContainers } from './large-containers.js';
import { stringifyJson } from './stringify-json.js';

/** What is written between two yields, about. */
const SIZE_OF_SLICE = 64 * 1024;
/** What a piece costs besides its characters. */
const SIZE_OF_PIECE = 8;

/** Gets the bytes that are written so far, in UTF-8. What it throws ends the work. */
export type OnBytes = (bytes: number) => void;

/**
 * Writes a value as {@link stringifyJson} does, in slices: yields after at most a few milliseconds, so that the caller can do other work, and tells `onBytes` before each yield how much
 * is written. Throws {@link TextTooLong} once the text has more than `maxBytes` in UTF-8.
 */
export function* stringifyInSlices(
  value: unknown,
  maxBytes = Number.POSITIVE_INFINITY,
  onBytes?: OnBytes,
): Generator<void, string> {
  const large = yield* largeContainers(value, SIZE_OF_SLICE);
  const pieces: string[] = [];
  let bytes = 0;
  let size = 0;
  for (const piece of piecesOf(value, large)) {
    pieces.push(piece);
    bytes += Buffer.byteLength(piece);
    if (bytes > maxBytes) throw new TextTooLong(`the text has more than ${maxBytes} bytes`);
    size += piece.length + SIZE_OF_PIECE;
    if (size < SIZE_OF_SLICE) continue;
    size = 0;
    onBytes?.(bytes);
    yield;
  }
  return pieces.join('');
}

/** A text that would be longer than its reader takes. */
export class TextTooLong extends Error {}

/** The text of a value: large containers member by member, others whole. */
function* piecesOf(value: unknown, large: ReadonlySet<object>): Generator<string> {
  const open: ContainerMembers[] = [];
  const isLarge = (one: unknown): one is object => isContainer(one) && large.has(one);
  if (!isLarge(value)) return yield stringifyJson(value);
  open.push(new ContainerMembers(value));
  let before = openingOf(value);
  for (let top = open.at(-1); top; top = open.at(-1)) {
    if (top.isAtEnd) {
      open.pop();
      yield before === openingOf(top.container) ? `${before}${closingOf(top.container)}` : closingOf(top.container);
      before = ',';
      continue;
    }
    const { key } = top;
    const member = top.take();
    if (key !== undefined && member === undefined) continue;
    yield key === undefined ? before : `${before}${JSON.stringify(key)}:`;
    before = ',';
    if (isLarge(member)) {
      open.push(new ContainerMembers(member));
      before = openingOf(member);
    } else yield stringifyJson(member);
  }
}

function openingOf(container: object): string {
  return Array.isArray(container) ? '[' : '{';
}

function closingOf(container: object): string {
  return Array.isArray(container) ? ']' : '}';
}
