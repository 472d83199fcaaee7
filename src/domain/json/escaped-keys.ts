import { type JsonObject, type JsonValue, setMember } from './json-value.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What ends a number or a word. */
const END_OF_SCALAR = /[\s,\]}]/g;

/**
 * Parses valid JSON text in which a key has an escape. V8 in Node.js 24 and later (seen in 24.21 and 26.10) reads such a key wrongly if an earlier object has a key
 * that begins with a backslash in the same position: it compares the raw text of the key. After `{"a":1,"\\":1}`, the second key of `{"a":1,"\n":1}` can come out as
 * a backslash. Strings other than keys are read correctly.
 */
export function parseWithEscapedKeys(text: string): JsonValue {
  return new Reader(text).value();
}

/** Reads text that is known to be JSON. Several times slower than `JSON.parse`. */
class Reader {
  #at = 0;

  constructor(private readonly text: string) {}

  value(): JsonValue {
    this.#skipSpace();
    switch (this.text[this.#at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #object(): JsonObject {
    const object: JsonObject = {};
    this.#at += 1;
    while (!this.#closes('}')) {
      const key = this.#string();
      this.#skipSpace();
      this.#at += 1;
      const value = this.value();
      setMember(object, key, value);
    }
    return object;
  }

  #array(): JsonValue[] {
    const array: JsonValue[] = [];
    this.#at += 1;
    while (!this.#closes(']')) array.push(this.value());
    return array;
  }

  /** Whether the object or array ends here; steps over its end, or over the comma before the next member. */
  #closes(end: string): boolean {
    this.#skipSpace();
    if (this.text[this.#at] === ',') {
      this.#at += 1;
      this.#skipSpace();
    }
    if (this.text[this.#at] !== end) return false;
    this.#at += 1;
    return true;
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    let isEscaped = false;
    for (let char = this.text.charCodeAt(end); char !== QUOTE; char = this.text.charCodeAt(end)) {
      if (char === BACKSLASH) isEscaped = true;
      end += char === BACKSLASH ? 2 : 1;
    }
    this.#at = end + 1;
    return isEscaped ? JSON.parse(this.text.slice(start, this.#at)) : this.text.slice(start + 1, end);
  }

  #scalar(): JsonValue {
    END_OF_SCALAR.lastIndex = this.#at;
    const end = END_OF_SCALAR.exec(this.text)?.index ?? this.text.length;
    const literal = this.text.slice(this.#at, end);
    this.#at = end;
    return JSON.parse(literal);
  }

  #skipSpace(): void {
    while (this.text.charCodeAt(this.#at) <= 0x20) this.#at += 1;
  }
}
