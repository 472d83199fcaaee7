import {
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { SluiceError } from '../../domain/errors.js';
import { MAX_NAME } from './query-limits.js';

/** Elements of lists and keys of objects in all variables, without those in JSON scalars: the library checks each of them against its type in one go. */
const MAX_VARIABLE_VALUES = 20_000;

/** Refuses variables, before the library reads them, that would cost it more than any honest ones. Throws BAD_REQUEST. */
export function refuseCostlyVariables(
  schema: GraphQLSchema,
  { variableDefinitions }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const counter = new ValueCounter();
  for (const { variable, type: node } of variableDefinitions ?? []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, node);
    if (isInputType(type) && Object.hasOwn(variables, name)) counter.add(variables[name], type, `$${name}`);
  }
}

class ValueCounter {
  #values = 0;

  /** Counts what is in a value, which may have any form. Invariant: it looks at no more than the bound. */
  add(value: unknown, type: GraphQLInputType, variable: string): void {
    if (isNonNullType(type)) this.add(value, type.ofType, variable);
    else if (isListType(type)) this.#addList(value, type.ofType, variable);
    else if (isInputObjectType(type)) this.#addObject(value, type.getFields(), variable);
    else if (isEnumType(type) && typeof value === 'string') refuseLongName(value, variable);
  }

  #addList(value: unknown, ofElements: GraphQLInputType, variable: string): void {
    // A single value stands for a list of one.
    const elements = Array.isArray(value) ? value : [value];
    this.#count(elements.length, variable);
    for (const element of elements) this.add(element, ofElements, variable);
  }

  #addObject(value: unknown, fields: Readonly<Record<string, { type: GraphQLInputType }>>, variable: string): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    // The parser allows no more than 50,000 of them, which are listed within some milliseconds.
    const keys = Object.keys(value);
    const known = Object.keys(fields).length;
    // The library writes the whole object into the error of each unknown key.
    if (keys.length > known) {
      const what = `has an object of ${keys.length} keys in a place that has ${known} fields; leave out the others`;
      throw fault(variable, what);
    }
    this.#count(keys.length, variable);
    for (const key of keys) {
      refuseLongName(key, variable);
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (field) this.add((value as Readonly<Record<string, unknown>>)[key], field.type, variable);
    }
  }

  #count(more: number, variable: string): void {
    this.#values += more;
    if (this.#values <= MAX_VARIABLE_VALUES) return;
    const what = `brings the variables to ${this.#values} elements of lists and keys of objects; at most ${MAX_VARIABLE_VALUES} are allowed, those in JSON not counted; split it into several requests`;
    throw fault(variable, what);
  }
}

/** Throws BAD_REQUEST for the name of a field or of a value that is longer than any: the library compares it with those that exist. */
function refuseLongName(name: string, variable: string): void {
  if (name.length <= MAX_NAME) return;
  throw fault(variable, `has a name of ${name.length} characters; names have at most ${MAX_NAME}`);
}

function fault(variable: string, what: string): SluiceError {
  return new SluiceError('BAD_REQUEST', `the variable ${variable} ${what}`, { field: 'variables' });
}
