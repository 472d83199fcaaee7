import fc from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** A GraphQL request as a client sends it. */
export interface RandomRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Texts that break readers: any Unicode, halves of surrogate pairs, names that objects inherit, and numbers that are none. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('', ' ', '\ud800', '\udc00x', '\0', '__proto__', 'constructor', 'toString', 'NaN', '-0', '1e999'),
  fc.constantFrom('{{a}}', '$where', 'a.b', '\\', '🦊'.repeat(300), 'x'.repeat(5_000), '2026-02-31', '9'.repeat(400)),
);

const oddNumber = fc.oneof(
  fc.constantFrom(0, -1, 1, 1.5, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e308, -0),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Any JSON value, with odd texts in it. */
export const oddJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, oddText, oddNumber, fc.boolean(), fc.constant(null), tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(oddText, tie('value'), { maxKeys: 4 }),
})).value;

/** Requests of one field of the schema's roots each, whose arguments mostly have the right types. `ids` are what exists. */
export function randomRequests(schema: GraphQLSchema, ids: readonly string[]): fc.Arbitrary<RandomRequest> {
  const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    type ? Object.values(type.getFields()).map((field) => ({ of: type.name.toLowerCase(), field })) : [],
  );
  const id = fc.oneof({ arbitrary: fc.constantFrom(...ids), weight: 5 }, { arbitrary: oddText, weight: 1 });
  return fc.constantFrom(...roots).chain(({ of, field }) => {
    const { name, args, type } = field;
    const used = args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
    const declared = args.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
    const query = `${of}${declared && ` (${declared})`} { ${name}${used && `(${used})`} ${selection(type, 2)} }`;
    return fc.record(valuesOf(args, id, 4)).map((variables) => ({ query, variables }));
  });
}

function valuesOf(args: readonly Pick<GraphQLArgument, 'name' | 'type'>[], id: fc.Arbitrary<string>, depth: number) {
  return Object.fromEntries(args.map(({ name, type }) => [name, anyValueOf(type, id, depth)]));
}

/** A value of the type; in one of twenty cases, of any other. */
function anyValueOf(type: GraphQLInputType, id: fc.Arbitrary<string>, depth: number): fc.Arbitrary<unknown> {
  const right = isNonNullType(type) ? rightValue(type.ofType, id, depth) : fc.option(rightValue(type, id, depth));
  return fc.oneof({ arbitrary: right, weight: 19 }, { arbitrary: oddJson, weight: 1 });
}

function rightValue(type: GraphQLInputType, id: fc.Arbitrary<string>, depth: number): fc.Arbitrary<unknown> {
  if (isListType(type)) return fc.array(anyValueOf(type.ofType, id, depth), { maxLength: 3 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (isInputObjectType(type)) {
    if (depth === 0) return fc.constant({});
    const fields = Object.values(type.getFields());
    const required = fields.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined);
    const values = valuesOf(fields, id, depth - 1);
    return fc.record(values, { requiredKeys: required.map(({ name }) => name) });
  }
  switch (String(type)) {
    case 'ID':
      return id;
    case 'Int':
      return fc.oneof(fc.integer({ min: -2, max: 1_100 }), fc.constantFrom(2 ** 31 - 1, -(2 ** 31)));
    case 'Float':
      return oddNumber;
    case 'Boolean':
      return fc.boolean();
    case 'DateTime':
      return fc.oneof(
        fc.date({ noInvalidDate: true }).map((date) => date.toJSON()),
        oddText,
      );
    case 'String':
      return oddText;
    default:
      return oddJson;
  }
}

/** All fields without arguments, to a depth. */
function selection(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const fields = Object.values(named.getFields()).filter(({ args, type: inner }) => {
    return args.every((one) => !isNonNullType(one.type)) && (depth > 0 || !isObjectType(getNamedType(inner)));
  });
  return `{ __typename ${fields.map((field) => `${field.name} ${selection(field.type, depth - 1)}`).join(' ')} }`;
}
