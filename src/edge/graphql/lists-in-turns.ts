import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
} from 'graphql';
import { endTurnIfOver } from '../../event-loop/turns.js';
import type { GraphqlContext } from './context.js';

/** How many elements are resolved between two looks at the clock. A shorter list is resolved at once. */
const ELEMENTS_OF_SLICE = 50;

/**
 * Lets the service answer others while the fields of a long list of objects are resolved: graphql-js resolves all of them in one go, some 3 microseconds a field, unless the elements
 * are promises.
 */
export function listsInTurns(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) if (isListOfObjects(field.type)) pace(field);
  }
}

function isListOfObjects(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type)) && isCompositeType(getNamedType(type));
}

function pace(field: GraphQLField<unknown, GraphqlContext>): void {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (source, args, context, info) => {
    const given: unknown = resolve(source, args, context, info);
    return given instanceof Promise ? given.then((list) => paced(list, context)) : paced(given, context);
  };
}

function paced(list: unknown, { promised }: GraphqlContext): unknown {
  if (!Array.isArray(list) || list.length <= ELEMENTS_OF_SLICE) return list;
  const known = promised.get(list) ?? promisesOf(list);
  promised.set(list, known);
  return known;
}

/** The elements, each of which is there when its slice has its turn. */
function promisesOf(list: readonly unknown[]): Promise<unknown>[] {
  let turn = Promise.resolve();
  return list.map((element, index) => {
    if (index % ELEMENTS_OF_SLICE === 0) turn = turn.then(endTurnIfOver);
    return turn.then(() => element);
  });
}
