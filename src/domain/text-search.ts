/** From this length on, the engine's own search may take the product of both lengths: a second and more for a megabyte. */
const LONG = 100;

/** Finds a text inside others, in time linear in them whatever they are. */
export class TextSearch {
  readonly #borders: Int32Array | null;

  constructor(readonly sought: string) {
    this.#borders = sought.length < LONG ? null : bordersOf(sought);
  }

  /** The place of the first occurrence that begins at `from` or later; -1 if there is none. */
  indexIn(text: string, from = 0): number {
    return this.#borders === null ? text.indexOf(this.sought, from) : indexIn(text, this.sought, this.#borders, from);
  }

  /** The parts of a text between the occurrences, at most so many. */
  split(text: string, most?: number): string[] {
    return this.#borders === null ? text.split(this.sought, most) : this.#split(text, most);
  }

  #split(text: string, most = Number.POSITIVE_INFINITY): string[] {
    const parts: string[] = [];
    let done = 0;
    for (let at = this.indexIn(text); at !== -1 && parts.length < most; at = this.indexIn(text, done)) {
      parts.push(text.slice(done, at));
      done = at + this.sought.length;
    }
    if (parts.length < most) parts.push(text.slice(done));
    return parts;
  }
}

/** For each prefix of a text, how long the longest shorter prefix is that it also ends with: the algorithm of Knuth, Morris and Pratt. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  for (let at = 1, length = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    while (length > 0 && unit !== text.charCodeAt(length)) length = borders[length - 1] ?? 0;
    if (unit === text.charCodeAt(length)) length += 1;
    borders[at] = length;
  }
  return borders;
}

function indexIn(text: string, sought: string, borders: Int32Array, from: number): number {
  for (let at = from, length = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    while (length > 0 && unit !== sought.charCodeAt(length)) length = borders[length - 1] ?? 0;
    if (unit === sought.charCodeAt(length)) length += 1;
    if (length === sought.length) return at + 1 - length;
  }
  return -1;
}
