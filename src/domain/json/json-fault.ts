/** Where a text ceases to be JSON. */
export interface JsonFault {
  /** Of the first UTF-16 unit that no JSON text has after what stands before it; the length of the text where something is missing. */
  readonly offset: number;
  /** For people. */
  readonly reason: string;
}

/**
 * Finds the first fault of a text by the grammar of RFC 8259; null where it is JSON. `JSON.parse` tells the place in words that differ from version to version, or
 * not at all. Recurses for every level up to the fault, so the depth is to be checked before.
 */
export function findJsonFault(text: string): JsonFault | null {
  return new FaultFinder(text).find();
}

const SPACE = /[ \t\n\r]*/y;
const DIGITS = /[0-9]+/y;
const HEX_DIGITS = /[0-9A-Fa-f]{0,4}/y;

class FaultFinder {
  #at = 0;

  constructor(private readonly text: string) {}

  find(): JsonFault | null {
    return this.#value() ?? (this.#at < this.text.length ? this.#unexpected() : null);
  }

  /** A value and the white space around it. */
  #value(): JsonFault | null {
    this.#skip(SPACE);
    const fault = this.#valueAlone();
    this.#skip(SPACE);
    return fault;
  }

  #valueAlone(): JsonFault | null {
    switch (this.text[this.#at]) {
      case '{':
        return this.#list('}', () => this.#member());
      case '[':
        return this.#list(']', () => this.#value());
      case '"':
        return this.#string();
      case 't':
        return this.#word('true');
      case 'f':
        return this.#word('false');
      case 'n':
        return this.#word('null');
      default:
        return this.#number();
    }
  }

  #list(end: string, item: () => JsonFault | null): JsonFault | null {
    this.#at += 1;
    this.#skip(SPACE);
    if (this.#take(end)) return null;
    do {
      const fault = item();
      if (fault) return fault;
    } while (this.#take(','));
    return this.#take(end) ? null : this.#unexpected();
  }

  #member(): JsonFault | null {
    this.#skip(SPACE);
    if (this.text[this.#at] !== '"') return this.#unexpected();
    const fault = this.#string();
    if (fault) return fault;
    this.#skip(SPACE);
    return this.#take(':') ? this.#value() : this.#unexpected();
  }

  #string(): JsonFault | null {
    this.#at += 1;
    for (;;) {
      while (isPlain(this.text.charCodeAt(this.#at))) this.#at += 1;
      if (this.#take('"')) return null;
      const fault = this.#take('\\') ? this.#escape() : this.#control();
      if (fault) return fault;
    }
  }

  /** What follows a backslash. */
  #escape(): JsonFault | null {
    if (!this.#take('u')) {
      const char = this.text[this.#at];
      if (char === undefined || !'"\\/bfnrt'.includes(char)) {
        return this.#unexpected('after a backslash; a backslash in a text is written \\\\');
      }
      this.#at += 1;
      return null;
    }
    return this.#skip(HEX_DIGITS) === 4 ? null : this.#unexpected('after \\u, which takes four hexadecimal digits');
  }

  #control(): JsonFault {
    const char = this.text[this.#at];
    if (char === undefined) return this.#unexpected();
    const name = CONTROL_NAMES.get(char) ?? 'control character';
    return {
      offset: this.#at,
      reason: `a raw ${name} inside a string; write it as ${JSON.stringify(char).slice(1, -1)}`,
    };
  }

  #number(): JsonFault | null {
    const isNegative = this.#take('-');
    if (!this.#take('0') && this.#skip(DIGITS) === 0) return this.#unexpected(isNegative ? MISSING_DIGIT : undefined);
    if (this.#take('.') && this.#skip(DIGITS) === 0) return this.#unexpected(MISSING_DIGIT);
    if (!this.#take('e') && !this.#take('E')) return null;
    if (!this.#take('+')) this.#take('-');
    return this.#skip(DIGITS) === 0 ? this.#unexpected(MISSING_DIGIT) : null;
  }

  #word(word: string): JsonFault | null {
    for (const letter of word) {
      if (!this.#take(letter)) return this.#unexpected();
    }
    return null;
  }

  #take(char: string): boolean {
    if (this.text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  /** How much was skipped. */
  #skip(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    const length = pattern.exec(this.text)?.[0].length ?? 0;
    this.#at += length;
    return length;
  }

  #unexpected(where = 'there'): JsonFault {
    const offset = this.#at;
    const code = this.text.codePointAt(offset);
    if (code === undefined) return { offset, reason: 'the JSON ends too early' };
    return { offset, reason: `${JSON.stringify(String.fromCodePoint(code))} does not belong ${where}` };
  }
}

/** Neither ends a string, nor escapes, nor is a control character; false for NaN, the end of the text. */
function isPlain(char: number): boolean {
  return char >= 0x20 && char !== 0x22 && char !== 0x5c;
}

const MISSING_DIGIT = 'there; a digit is missing before it';
const CONTROL_NAMES = new Map([
  ['\t', 'tab'],
  ['\n', 'line break'],
  ['\r', 'carriage return'],
]);
