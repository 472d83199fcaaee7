import { DistinctKeys, hasEscape, keyText } from './distinct-keys.js';
import { type JsonContainer, type JsonMember, type JsonOutline, MEMBERS_IN_OUTLINE } from './json-container.js';
import { JsonFault, unexpected } from './json-fault.js';
import { endOfDecimal, endOfExponent, endOfString, endOfWord, isSpace } from './json-tokens.js';
import { DIGITS_OF_EVERY_DOUBLE, isSurelyDouble } from './long-numbers.js';
import { OpenContainer } from './open-container.js';
import { pointerTo } from './pointer.js';

export interface ScanRules {
  /** Deeper JSON is a fault. */
  readonly maxDepth: number;
  /** An object with more keys is a fault. */
  readonly maxKeys: number;
  /** Whether an object that has a key twice is found. */
  readonly distinctKeys: boolean;
  /** Whether numbers that `JSON.parse` might round are listed. */
  readonly longNumbers: boolean;
  /** After so many bytes, a container is divided at the next comma. */
  readonly pieceBytes: number;
}

/** The result of a scan. */
export interface ScannedJson extends JsonOutline {
  /** The JSON Pointer of the first key that its object has twice; null if there is none, or if the rules do not ask. */
  readonly duplicateKey: string | null;
}

/** How many bytes to scan between two yields: less than a millisecond. */
const SLICE_BYTES = 128 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const [TRUE, FALSE, NULL] = [Buffer.from('true'), Buffer.from('false'), Buffer.from('null')];

/** What may come next. */
const VALUE = 0;
const FIRST_ELEMENT = 1;
const KEY = 2;
const FIRST_KEY = 3;
const AFTER_VALUE = 4;
const END = 5;

/**
 * Checks UTF-8 text by the grammar of RFC 8259 without building its values, and notes where to divide it into pieces. Linear in its length, whatever it contains. The text begins
 * at `start`. Yields now and then, so that the caller can do other work. Throws a {@link JsonFault}. The bytes must be UTF-8.
 */
export function* scanJson(bytes: Buffer, rules: ScanRules, start: number): Generator<void, ScannedJson> {
  const scan = new JsonScan(bytes, rules, start);
  while (!scan.slice()) yield;
  return scan.result();
}

class JsonScan {
  #at: number;
  #next = VALUE;
  #depth = 0;
  #values = 0;
  /** The containers that are open, by depth. The text itself is like an array of one element. */
  readonly #open: OpenContainer[];
  #inner: OpenContainer;
  readonly #keys: DistinctKeys | null;
  readonly #members: JsonMember[] = [];
  #root: JsonContainer | null = null;
  #start = 0;
  #end = 0;
  readonly #longNumbers: number[] = [];
  #hasEscapedKeys = false;
  #duplicateKey: string | null = null;

  constructor(
    private readonly bytes: Buffer,
    private readonly rules: ScanRules,
    start: number,
  ) {
    this.#at = start;
    this.#inner = new OpenContainer();
    this.#open = [this.#inner];
    this.#keys = rules.distinctKeys ? new DistinctKeys(bytes) : null;
  }

  /** Scans the next bytes. Returns whether the text has ended. */
  slice(): boolean {
    const { bytes } = this;
    const limit = Math.min(bytes.length, this.#at + SLICE_BYTES);
    let at = this.#at;
    while (at < limit) {
      const byte = bytes[at] ?? 0;
      at = isSpace(byte) ? at + 1 : this.#endOfToken(byte, at);
    }
    this.#at = at;
    return at >= bytes.length;
  }

  result(): ScannedJson {
    if (this.#next !== END) throw unexpected(this.bytes, this.bytes.length);
    return {
      start: this.#start,
      end: this.#end,
      container: this.#root,
      members: this.#members,
      longNumbers: this.#longNumbers,
      hasEscapedKeys: this.#hasEscapedKeys,
      duplicateKey: this.#duplicateKey,
    };
  }

  /** The offset after the token at `at`. */
  #endOfToken(byte: number, at: number): number {
    switch (this.#next) {
      case AFTER_VALUE:
        return this.#afterValue(byte, at);
      case FIRST_KEY:
        return byte === CLOSING_BRACE ? this.#close(at) : this.#endOfKey(byte, at);
      case KEY:
        return this.#endOfKey(byte, at);
      case FIRST_ELEMENT:
        return byte === CLOSING_BRACKET ? this.#close(at) : this.#endOfValue(byte, at);
      case VALUE:
        return this.#endOfValue(byte, at);
      default:
        throw unexpected(this.bytes, at);
    }
  }

  #afterValue(byte: number, at: number): number {
    const { isObject } = this.#inner;
    if (byte === COMMA) {
      this.#inner.comma(at, this.rules.pieceBytes);
      this.#next = isObject ? KEY : VALUE;
      return at + 1;
    }
    if (byte === (isObject ? CLOSING_BRACE : CLOSING_BRACKET)) return this.#close(at);
    throw unexpected(this.bytes, at);
  }

  #endOfKey(byte: number, at: number): number {
    const { bytes } = this;
    const inner = this.#inner;
    if (byte !== QUOTE) throw unexpected(bytes, at);
    const end = this.#keys ? this.#keys.endOfKey(at) : endOfString(bytes, at + 1);
    inner.keyStart = at;
    inner.keyEnd = end;
    if (!this.#hasEscapedKeys && hasEscape(bytes, at, end)) this.#hasEscapedKeys = true;
    if (this.#keys?.isDuplicate) this.#duplicateKey ??= this.#pointerToKey();
    let colon = end;
    while (isSpace(bytes[colon] ?? 0)) colon += 1;
    if (bytes[colon] !== COLON) throw unexpected(bytes, colon);
    this.#next = VALUE;
    return colon + 1;
  }

  #endOfValue(byte: number, at: number): number {
    const inner = this.#inner;
    inner.count += 1;
    this.#values += 1;
    if (inner.isObject && inner.count > this.rules.maxKeys) {
      throw new JsonFault(inner.keyStart, `the object has more than ${this.rules.maxKeys} keys`);
    }
    if (byte === OPENING_BRACE) return this.#openAt(at, true);
    if (!inner.isObject) inner.notesOther(at);
    if (byte === OPENING_BRACKET) return this.#openAt(at, false);
    const end = this.#endOfScalar(byte, at);
    this.#valueEnds(at, end, null);
    return end;
  }

  #endOfScalar(byte: number, at: number): number {
    const { bytes } = this;
    switch (byte) {
      case QUOTE:
        return endOfString(bytes, at + 1);
      case 0x74:
        return endOfWord(bytes, at, TRUE);
      case 0x66:
        return endOfWord(bytes, at, FALSE);
      case 0x6e:
        return endOfWord(bytes, at, NULL);
      default:
        return this.#endOfNumber(at);
    }
  }

  #endOfNumber(at: number): number {
    const { bytes } = this;
    const decimal = endOfDecimal(bytes, at);
    const end = endOfExponent(bytes, decimal);
    const mayBeLong = end > decimal || end - at > DIGITS_OF_EVERY_DOUBLE;
    if (mayBeLong && this.rules.longNumbers && !isSurelyDouble(bytes.toString('latin1', at, end))) {
      this.#longNumbers.push(at, end);
    }
    return end;
  }

  #openAt(at: number, isObject: boolean): number {
    if (this.#depth >= this.rules.maxDepth) {
      throw new JsonFault(at, `the JSON nests more than ${this.rules.maxDepth} levels deep`);
    }
    this.#depth += 1;
    this.#inner = this.#open[this.#depth] ??= new OpenContainer();
    this.#inner.begin(isObject, at, this.#values);
    if (isObject) this.#keys?.beginObject();
    this.#next = isObject ? FIRST_KEY : FIRST_ELEMENT;
    return at + 1;
  }

  #close(at: number): number {
    const closed = this.#inner;
    if (closed.isObject) this.#keys?.endObject();
    this.#depth -= 1;
    const outer = this.#open[this.#depth] ?? closed;
    this.#inner = outer;
    const values = this.#values - closed.valuesBefore + 1;
    outer.notesSize(values);
    const isDivided = closed.isDivided();
    // Not of each element of an array, of which there may be a million.
    const isInOutline = this.#depth === 0 || (this.#depth === 1 && outer.isObject);
    const container = isDivided || isInOutline ? closed.end(at + 1, values) : null;
    if (isDivided && container) outer.keep(container);
    this.#valueEnds(closed.start, at + 1, container);
    return at + 1;
  }

  #valueEnds(start: number, end: number, container: JsonContainer | null): void {
    this.#next = AFTER_VALUE;
    if (this.#depth === 0) {
      this.#next = END;
      this.#start = start;
      this.#end = end;
      this.#root = container;
    } else if (this.#depth === 1 && this.#inner.isObject && this.#members.length < MEMBERS_IN_OUTLINE) {
      const key = keyText(this.bytes, this.#inner.keyStart, this.#inner.keyEnd);
      this.#members.push({ key, start, end, container });
    }
  }

  /** The JSON Pointer of the current key. */
  #pointerToKey(): string {
    let pointer = '';
    for (const { isObject, keyStart, keyEnd, count } of this.#open.slice(1, this.#depth + 1)) {
      pointer = pointerTo(pointer, isObject ? keyText(this.bytes, keyStart, keyEnd) : count - 1);
    }
    return pointer;
  }
}
