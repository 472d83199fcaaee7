import { GraphQLError, Lexer, Source, type Token, TokenKind } from 'graphql';
import { SluiceError } from '../../domain/errors.js';

/** Characters of a query: validation compares the arguments of each two equal fields, up to 500,000 times. With a million it took 50 to 100 ms in a process that has run for a while, and up to 175 ms in a new one. */
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

  /** Throws BAD_REQUEST at the token with which there is too much of something. */
  add({ kind, start, end }: Token): void {
    this.#count(kind);
    if (kind === TokenKind.NAME && end - start > MAX_NAME) throw longName(end - start);
    if (this.#nesting > MAX_NESTING) throw tooCostly(`nests more than ${MAX_NESTING} levels deep`);
    if (this.#tokens > MAX_TOKENS) throw tooMany(MAX_TOKENS, 'tokens; send large values as variables');
    if (this.#selection > MAX_SELECTION_TOKENS)
      throw tooCostly(`selects with more than ${MAX_SELECTION_TOKENS} tokens`);
    if (this.#aliases > MAX_ALIASES) throw tooMany(MAX_ALIASES, 'aliases; split it into several queries');
    if (this.#directives > MAX_DIRECTIVES) throw tooMany(MAX_DIRECTIVES, 'directives; leave the fields out instead');
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
