import { GraphQLError, Lexer, Source, TokenKind } from 'graphql';
import { SluiceError } from '../../domain/errors.js';

/** Nesting of brackets of any kind: the parser and everything after it are recursive. */
const MAX_NESTING = 150;
const MAX_TOKENS = 200_000;
/** Tokens outside argument lists: validation compares fields with each other, so its cost is quadratic. */
const MAX_SELECTION_TOKENS = 3_000;

const OPENING = new Set<TokenKind>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<TokenKind>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Refuses a query, before it is parsed, that would cost more to parse and validate than any honest one. Throws BAD_REQUEST. */
export function refuseCostlyQuery(query: string): void {
  const lexer = new Lexer(new Source(query));
  let nesting = 0;
  let arguments_ = 0;
  let tokens = 0;
  let selection = 0;
  try {
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
      tokens += 1;
      if (arguments_ === 0) selection += 1;
      if (OPENING.has(token.kind)) nesting += 1;
      if (CLOSING.has(token.kind)) nesting -= 1;
      if (token.kind === TokenKind.PAREN_L) arguments_ += 1;
      if (token.kind === TokenKind.PAREN_R) arguments_ -= 1;
      if (nesting > MAX_NESTING) throw tooCostly(`nests more than ${MAX_NESTING} levels deep`);
      if (tokens > MAX_TOKENS) throw tooCostly(`has more than ${MAX_TOKENS} tokens; send large values as variables`);
      if (selection > MAX_SELECTION_TOKENS) throw tooCostly(`selects with more than ${MAX_SELECTION_TOKENS} tokens`);
    }
  } catch (error) {
    // The parser reports syntax errors.
    if (!(error instanceof GraphQLError)) throw error;
  }
}

function tooCostly(what: string): SluiceError {
  return new SluiceError('BAD_REQUEST', `the query ${what}`, { field: 'query' });
}
