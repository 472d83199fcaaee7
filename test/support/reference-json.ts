/** JSON as the reference reads it: a number is its literal, an object a map. */
export type ReferenceJson = string | boolean | null | ReferenceNumber | ReferenceJson[] | Map<string, ReferenceJson>;

export class ReferenceNumber {
  constructor(readonly literal: string) {}
}

/** What a text is: JSON, and whether an object of it gives a key twice, or the place of its first fault in UTF-16 units. */
export type Reading = { readonly value: ReferenceJson; readonly hasDuplicate: boolean } | { readonly fault: number };

class Fault extends Error {}

/** Reads JSON exactly as RFC 8259 says. It shares no code and no trick with the parser that is compared with it. */
export function readReferenceJson(text: string): Reading {
  const reader = new Reader(text);
  try {
    const value = reader.value();
    return reader.at === text.length ? { value, hasDuplicate: reader.hasDuplicate } : { fault: reader.at };
  } catch (error) {
    if (error instanceof Fault) return { fault: reader.at };
    throw error;
  }
}

class Reader {
  at = 0;
  hasDuplicate = false;

  constructor(private readonly text: string) {}

  value(): ReferenceJson {
    this.#take(/[ \t\n\r]*/uy);
    const value = this.#valueAlone();
    this.#take(/[ \t\n\r]*/uy);
    return value;
  }

  #valueAlone(): ReferenceJson {
    switch (this.text[this.at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      case 't':
        return this.#word([/t/uy, /r/uy, /u/uy, /e/uy], true);
      case 'f':
        return this.#word([/f/uy, /a/uy, /l/uy, /s/uy, /e/uy], false);
      case 'n':
        return this.#word([/n/uy, /u/uy, /l/uy, /l/uy], null);
      default:
        return this.#number();
    }
  }

  #object(): ReferenceJson {
    const members = new Map<string, ReferenceJson>();
    this.#need(/\{[ \t\n\r]*/uy);
    if (this.#take(/\}/uy) !== null) return members;
    do {
      this.#take(/[ \t\n\r]*/uy);
      const key = this.#string();
      this.#take(/[ \t\n\r]*/uy);
      this.#need(/:/uy);
      if (members.has(key)) this.hasDuplicate = true;
      members.set(key, this.value());
    } while (this.#take(/,/uy) !== null);
    this.#need(/\}/uy);
    return members;
  }

  #array(): ReferenceJson {
    const elements: ReferenceJson[] = [];
    this.#need(/\[[ \t\n\r]*/uy);
    if (this.#take(/\]/uy) !== null) return elements;
    do elements.push(this.value());
    while (this.#take(/,/uy) !== null);
    this.#need(/\]/uy);
    return elements;
  }

  #string(): string {
    let content = '';
    this.#need(/"/uy);
    while (this.#take(/"/uy) === null) {
      if (this.#take(/\\/uy) === null) content += this.#need(/[ -\u{10ffff}]/uy);
      else if (this.#take(/u/uy) === null) content += ESCAPED[this.#need(/["\\/bfnrt]/uy)];
      else {
        const unit = [1, 2, 3, 4].map(() => this.#need(/[0-9a-fA-F]/uy)).join('');
        content += String.fromCharCode(Number.parseInt(unit, 16));
      }
    }
    return content;
  }

  #number(): ReferenceNumber {
    const start = this.at;
    this.#take(/-/uy);
    if (this.#take(/0/uy) === null) this.#need(/[1-9][0-9]*/uy);
    if (this.#take(/\./uy) !== null) this.#need(/[0-9]+/uy);
    if (this.#take(/[eE][+-]?/uy) !== null) this.#need(/[0-9]+/uy);
    return new ReferenceNumber(this.text.slice(start, this.at));
  }

  #word(letters: readonly RegExp[], value: boolean | null): boolean | null {
    for (const letter of letters) this.#need(letter);
    return value;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }

  #need(pattern: RegExp): string {
    const found = this.#take(pattern);
    if (found === null) throw new Fault();
    return found;
  }
}

const ESCAPED: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** What a number's literal stands for: an integer without zeros at its end, and the power of ten it is multiplied by. */
export function meantBy(literal: string): readonly [bigint, bigint] {
  const [mantissa = '', power = '0'] = literal.split(/[eE]/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  let integer = BigInt((whole + fraction).replace('-', ''));
  let exponent = BigInt(power.replace('+', '')) - BigInt(fraction.length);
  if (integer === 0n) return [0n, 0n];
  for (; integer % 10n === 0n; exponent += 1n) integer /= 10n;
  return [literal.startsWith('-') ? -integer : integer, exponent];
}
