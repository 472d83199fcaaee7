/** An object or an array in JSON text, as a scan found it. All offsets are in bytes. */
export interface JsonContainer {
  readonly isObject: boolean;
  /** The offset of its opening bracket. */
  readonly start: number;
  /** The offset after its closing bracket. */
  readonly end: number;
  /** How many members or elements it has. */
  readonly count: number;
  /** How many values it has: itself, and everything in it. */
  readonly values: number;
  /** Its first element that is not an object; null if there is none. */
  readonly firstOther: { readonly index: number; readonly offset: number } | null;
  /** The element with the most values, itself and everything in it; null if no element has any in it. */
  readonly largest: { readonly index: number; readonly values: number } | null;
  /** The offsets of commas at which to divide it into pieces, in order. Empty if it is small. */
  readonly borders: readonly number[];
  /** The members or elements that have borders themselves, in order. Each is alone between two borders. */
  readonly divided: readonly JsonContainer[];
}

/** A member of the object that a whole text is. */
export interface JsonMember {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  /** Null for a scalar. */
  readonly container: JsonContainer | null;
}

/** JSON text that a scan found to be valid. */
export interface JsonOutline {
  /** Where the value starts and ends. */
  readonly start: number;
  readonly end: number;
  /** Null for a scalar. */
  readonly container: JsonContainer | null;
  /** The first members of the text's object, at most {@link MEMBERS_IN_OUTLINE}. */
  readonly members: readonly JsonMember[];
  /** The start and the end, in turn, of each number that `JSON.parse` might round, if the rules of the scan ask for them. */
  readonly longNumbers: readonly number[];
  readonly hasEscapedKeys: boolean;
}

/** No body has more known keys. */
export const MEMBERS_IN_OUTLINE = 8;
