import { type ASTNode, GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { numberOf } from '../../domain/json/exact-number.js';
import { isJsonObject, type JsonValue } from '../../domain/json/json-value.js';

type Variables = { readonly [name: string]: unknown } | null | undefined;

/** A value of inline GraphQL as JSON; numbers keep their digits, and any key is data. */
function toJson(node: ValueNode, variables: Variables): JsonValue {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return numberOf(node.value);
    case Kind.STRING:
    case Kind.ENUM:
      return node.value;
    case Kind.BOOLEAN:
      return node.value;
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map((value) => toJson(value, variables));
    case Kind.OBJECT: {
      const object = Object.create(null);
      for (const { name, value } of node.fields) {
        if (Object.hasOwn(object, name.value)) throw fault(`the key ${name.value} is given twice in one object`, node);
        object[name.value] = toJson(value, variables);
      }
      return object;
    }
    case Kind.VARIABLE:
      // A variable that was not sent may have the name of an inherited member.
      return variables && Object.hasOwn(variables, node.name.value)
        ? ((variables[node.name.value] ?? null) as JsonValue)
        : null;
  }
}

function fault(message: string, node: ASTNode): GraphQLError {
  return new GraphQLError(message, { nodes: node, extensions: { code: 'BAD_REQUEST' } });
}

/** Any JSON value. */
export const JsonScalar = new GraphQLScalarType<JsonValue, unknown>({
  name: 'JSON',
  description:
    'Any JSON value. Numbers keep all their digits: none is rounded on the way in or out. The type of a column decides how it stores numbers.',
  serialize: (value) => value,
  parseValue: (value) => value as JsonValue,
  parseLiteral: toJson,
});

/** A JSON object. */
export const JsonObjectScalar = new GraphQLScalarType<JsonValue, unknown>({
  name: 'JSONObject',
  description: 'A JSON object, by the same rules as JSON.',
  serialize: (value) => value,
  parseValue: (value) => {
    if (!isJsonObject(value as JsonValue)) throw new GraphQLError('a JSON object was expected here');
    return value as JsonValue;
  },
  parseLiteral: (node, variables) => {
    if (node.kind !== Kind.OBJECT) throw fault('a JSON object was expected here', node);
    return toJson(node, variables);
  },
});

/** A text that is written and never read back. Its faults do not show it. */
export const SecretScalar = new GraphQLScalarType<string, never>({
  name: 'Secret',
  description: 'A text that is written and never read back. No response, error message or log shows it.',
  serialize: () => {
    throw new TypeError('a secret is never read back');
  },
  parseValue: (value) => {
    if (typeof value !== 'string') throw new GraphQLError('a text was expected here');
    return value;
  },
  parseLiteral: (node) => {
    if (node.kind !== Kind.STRING) throw fault('a text was expected here', node);
    return node.value;
  },
});

/** Fractions of a second may have any number of digits. */
const MAX_DATE = 100;

/** A point in time, as the library reads and writes it; its text has a bound. */
export const DateTimeScalar = new GraphQLScalarType<Date, Date | string>({
  ...GraphQLDateTime.toConfig(),
  parseValue: (value) => {
    if (typeof value === 'string' && value.length > MAX_DATE) throw new GraphQLError(longDate(value));
    return GraphQLDateTime.parseValue(value);
  },
  parseLiteral: (node, variables) => {
    if (node.kind === Kind.STRING && node.value.length > MAX_DATE) throw fault(longDate(node.value), node);
    return GraphQLDateTime.parseLiteral(node, variables);
  },
});

function longDate({ length }: string): string {
  return `a date has at most ${MAX_DATE} characters, and this text has ${length}`;
}
