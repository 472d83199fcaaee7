import { type DocumentNode, visit } from 'graphql';
import { SluiceError } from '../../domain/errors.js';

/** How often a query may use a large variable: inside a JSON literal each use repeats its whole value. */
const MAX_USES = 10;
/** A text up to this length is no large value. */
const SMALL_TEXT = 1_000;

/** Refuses a query that repeats a large variable so often that its values would fill the memory. Throws BAD_REQUEST. */
export function refuseRepeatedVariables(document: DocumentNode, variables: Readonly<Record<string, unknown>>): void {
  const uses = new Map<string, number>();
  visit(document, {
    VariableDefinition: () => false,
    Variable({ name: { value: name } }) {
      if (!Object.hasOwn(variables, name) || !isLarge(variables[name])) return;
      const count = (uses.get(name) ?? 0) + 1;
      if (count > MAX_USES) throw tooMany(name);
      uses.set(name, count);
    },
  });
}

function isLarge(value: unknown): boolean {
  return typeof value === 'string' ? value.length > SMALL_TEXT : typeof value === 'object' && value !== null;
}

function tooMany(name: string): SluiceError {
  const message = `the query uses $${name} more than ${MAX_USES} times; a variable with an object, a list or a text of more than ${SMALL_TEXT} characters may be used ${MAX_USES} times; send one variable with the whole value`;
  return new SluiceError('BAD_REQUEST', message, { field: 'query', expected: `at most ${MAX_USES} uses` });
}
