/** The place at which a text stops being JSON. */
export interface JsonFault {
  /** The offset of the first UTF-16 unit that cannot follow the text before it in any JSON text; the length of the text if something is missing at its end. */
  readonly offset: number;
  /** What is wrong, for people. */
  readonly reason: string;
}

/**
 * Finds the first fault of a text by the grammar of RFC 8259; null if the text is JSON. `JSON.parse` gives the place in words that differ between versions, or not at
 * all. This recurses for every level of nesting, so check the depth before.
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

  /** Reads what follows a backslash. */
  #escape(): JsonFault | null {
    if (!this.#take('u')) {
      const char = this.text[this.#at];
      if (char === undefined || !'"\\/bfnrt'.includes(char)) {
        return this.#unexpected('after a backslash; write a backslash in a text as \\\\');
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

  /** Skips what the pattern matches, and returns its length. */
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

/** Whether a character may stand in a string without an escape; false for NaN, the end of the text. */
function isPlain(char: number): boolean {
  return char >= 0x20 && char !== 0x22 && char !== 0x5c;
}

const MISSING_DIGIT = 'there; a digit is missing before it';
const CONTROL_NAMES = new Map([
  ['\t', 'tab'],
  ['\n', 'line break'],
  ['\r', 'carriage return'],
]);
