import { GraphQLError, Lexer, Source, type Token, TokenKind } from 'graphql';
import { SluiceError } from '../../domain/errors.js';

/** Characters of a query. */
const MAX_CHARACTERS = 1_000_000;
/** The library counts lines anew for the place of each error, of which there may be a hundred; and each comment ends a line. */
const MAX_LINES = 10_000;
/** Nesting of brackets of any kind: the parser and everything after it are recursive. */
const MAX_NESTING = 150;
/** Reading and validating so many take less than a tenth of a second. */
const MAX_TOKENS = 40_000;
/** Characters of a name of any kind: the library compares unknown ones with those that exist, and quotes them. */
export const MAX_NAME = 1_000;
/** Tokens outside argument lists: validation compares fields with each other, so its cost is quadratic. */
const MAX_SELECTION_TOKENS = 3_000;

/** Characters of arguments that validation compares: it prints those of each two fields with one name anew. 200 million took 35 ms, 400 million 140 ms. */
const MAX_COMPARED = 100_000_000;

/** Each alias can repeat a read. */
const MAX_ALIASES = 200;
/** Honest queries have a few; each unknown one makes an error. */
const MAX_DIRECTIVES = 100;

const OPENING = new Set<TokenKind>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<TokenKind>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Refuses a query, before it is parsed, that would cost more to parse and validate than any honest one. Throws BAD_REQUEST. */
export function refuseCostlyQuery(query: string): void {
  if (query.length > MAX_CHARACTERS) throw tooMany(MAX_CHARACTERS, 'characters; send large values as variables');
  if (hasTooManyLines(query)) throw tooMany(MAX_LINES, 'lines; send long texts as variables');
  const lexer = new Lexer(new Source(query));
  const counts = new Counts();
  try {
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) counts.add(token);
  } catch (error) {
    // The parser reports syntax errors.
    if (!(error instanceof GraphQLError)) throw error;
  }
}

/** Lines end as the library ends them: at CR LF, LF, and CR. */
function hasTooManyLines(query: string): boolean {
  let lines = 1;
  for (let at = 0; at < query.length && lines <= MAX_LINES; at += 1) {
    const character = query[at];
    if (character === '\n' || (character === '\r' && query[at + 1] !== '\n')) lines += 1;
  }
  return lines > MAX_LINES;
}

/** What a query has so far. */
class Counts {
  #nesting = 0;
  #arguments = 0;
  #tokens = 0;
  #selection = 0;
  #aliases = 0;
  #directives = 0;
  readonly #compared = new ComparedArguments();

  /** Throws BAD_REQUEST at the token with which there is too much of something. */
  add(token: Token): void {
    const { kind, start, end } = token;
    this.#count(kind);
    this.#compared.add(token, this.#arguments);
    if (kind === TokenKind.NAME && end - start > MAX_NAME) throw longName(end - start);
    if (this.#nesting > MAX_NESTING)
      throw tooCostly(`nests more than ${MAX_NESTING} levels deep; send nested values as variables`);
    if (this.#tokens > MAX_TOKENS) throw tooMany(MAX_TOKENS, 'tokens; send large values as variables');
    if (this.#selection > MAX_SELECTION_TOKENS)
      throw tooMany(
        MAX_SELECTION_TOKENS,
        'tokens outside arguments; select fewer fields, or split it into several queries',
      );
    if (this.#aliases > MAX_ALIASES) throw tooMany(MAX_ALIASES, 'aliases; split it into several queries');
    if (this.#directives > MAX_DIRECTIVES) throw tooMany(MAX_DIRECTIVES, 'directives; leave the fields out instead');
    if (this.#compared.characters > MAX_COMPARED) {
      throw tooCostly('repeats fields of one name with long arguments; send large values as variables');
    }
  }

  #count(kind: TokenKind): void {
    this.#tokens += 1;
    if (this.#arguments === 0) this.#selection += 1;
    if (OPENING.has(kind)) this.#nesting += 1;
    if (CLOSING.has(kind)) this.#nesting -= 1;
    // Outside parentheses a colon belongs to an alias: types of variables and values of arguments are inside.
    if (kind === TokenKind.COLON && this.#arguments === 0) this.#aliases += 1;
    if (kind === TokenKind.AT) this.#directives += 1;
    if (kind === TokenKind.PAREN_L) this.#arguments += 1;
    if (kind === TokenKind.PAREN_R) this.#arguments -= 1;
  }
}

/** How many characters of arguments are compared with those of other fields that have the same name in the answer. */
class ComparedArguments {
  characters = 0;
  readonly #ofName = new Map<string, { fields: number; characters: number }>();
  #name = '';
  #afterColon = false;
  #start = 0;

  /** `depth` is the number of open parentheses after the token. */
  add({ kind, value, start }: Token, depth: number): void {
    if (kind === TokenKind.PAREN_L && depth === 1) this.#start = start;
    else if (kind === TokenKind.PAREN_R && depth === 0) this.#end(start - this.#start);
    else if (depth === 0 && kind === TokenKind.NAME && !this.#afterColon) this.#name = value;
    if (depth === 0) this.#afterColon = kind === TokenKind.COLON;
  }

  #end(length: number): void {
    const { fields, characters } = this.#ofName.get(this.#name) ?? { fields: 0, characters: 0 };
    const now = { fields: fields + 1, characters: characters + length };
    this.characters += now.fields * now.characters - fields * characters;
    this.#ofName.set(this.#name, now);
  }
}

function longName(length: number): SluiceError {
  return tooCostly(
    `has a name of ${length} characters; names have at most ${MAX_NAME}; send long keys of JSON in variables`,
  );
}

function tooMany(most: number, what: string): SluiceError {
  return tooCostly(`has more than ${most} ${what}`);
}

function tooCostly(what: string): SluiceError {
  return new SluiceError('BAD_REQUEST', `the query ${what}`, { field: 'query' });
}
