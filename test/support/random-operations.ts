import fc from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedType,
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
  fc.constantFrom(
    '',
    ' ',
    '\ud800',
    '\udfff\ud800',
    '\0'.repeat(1_000),
    '\udc00x',
    '\0',
    '__proto__',
    'constructor',
    'toString',
    'NaN',
    '-0',
    '1e999',
  ),
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

/** Texts that look like cursors, with odd contents. */
const oddCursor = fc
  .oneof(
    oddJson.map((value) => JSON.stringify(value)),
    fc
      .tuple(fc.constantFrom('datasets', 'jobs', 'errors', 'quarantine', 'auditLog'), oddText)
      .map((one) => one.join(' ')),
  )
  .map((text) => Buffer.from(text).toString('base64url'));

/** What exists, by what finds it: the id of an object by the root field that returns it, and other ids and cursors. */
export interface Known {
  readonly objects: Readonly<Record<string, string>>;
  readonly others: readonly string[];
}

/**
 * Requests of one field each: of the schema's roots, or of an object that a root field finds. Their arguments, in variables or in the query itself, mostly have the
 * right types.
 */
export function randomRequests(schema: GraphQLSchema, { objects, others }: Known): fc.Arbitrary<RandomRequest> {
  const known = fc.constantFrom(...Object.values(objects), ...others);
  const odd = fc.oneof(oddText, oddCursor);
  const id = fc.oneof({ arbitrary: known, weight: 5 }, { arbitrary: odd, weight: 1 });
  return fc.constantFrom(...askedFields(schema, objects)).chain(({ field: { name, args, type }, write }) => {
    const declared = args.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
    const asked = (used: string) => `${name}${used && `(${used})`} ${selection(type, 2)}`;
    const inVariables = args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
    return fc
      .tuple(fc.record(valuesOf(args, DELETES.test(name) ? odd : id, 4)), fc.boolean())
      .map(([values, isInline]) => {
        if (!isInline) return { query: write(declared, asked(inVariables)), variables: values };
        const inline = args.map((argument) => `${argument.name}: ${literal(values[argument.name], argument.type)}`);
        return { query: write('', asked(inline.join(', '))), variables: {} };
      });
  });
}

/** Otherwise soon nothing would be left to ask for. */
const DELETES = /^delete(Dataset|Connection)$/;

function askedFields(schema: GraphQLSchema, objects: Known['objects']) {
  const [query, mutation] = [schema.getQueryType(), schema.getMutationType()];
  const fieldsOf = (type: GraphQLNamedType | null | undefined) =>
    isObjectType(type) ? Object.values(type.getFields()) : [];
  const asIs = (of: string) => (declared: string, asked: string) => `${of}${declared && ` (${declared})`} { ${asked} }`;
  const inObjects = Object.entries(objects).flatMap(([finder, id]) =>
    fieldsOf(getNamedType(query?.getFields()[finder]?.type))
      .filter(({ args }) => args.length > 0)
      .map((field) => ({
        field,
        write: (declared: string, asked: string) => asIs('query')(declared, `${finder}(id: "${id}") { ${asked} }`),
      })),
  );
  return [
    ...fieldsOf(query).map((field) => ({ field, write: asIs('query') })),
    ...fieldsOf(mutation).map((field) => ({ field, write: asIs('mutation') })),
    ...inObjects,
    ...inObjects,
  ];
}

/** A value as it is written in a query. Keys that are no names are left out. */
function literal(value: unknown, type?: GraphQLInputType): string {
  if (type && isNonNullType(type)) return literal(value, type.ofType);
  if (Array.isArray(value)) {
    const ofElements = type && isListType(type) ? type.ofType : undefined;
    return `[${value.map((element) => literal(element, ofElements)).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = type && isInputObjectType(type) ? type.getFields() : {};
    const named = Object.entries(value).filter(([key]) => /^[A-Za-z_]\w*$/.test(key));
    return `{${named.map(([key, one]) => `${key}: ${literal(one, fields[key]?.type)}`).join(', ')}}`;
  }
  if (typeof value === 'string' && type && isEnumType(type) && /^[A-Z_]+$/.test(value)) return value;
  return JSON.stringify(value) ?? 'null';
}

function valuesOf(args: readonly Pick<GraphQLArgument, 'name' | 'type'>[], id: fc.Arbitrary<string>, depth: number) {
  return Object.fromEntries(args.map(({ name, type }) => [name, anyValueOf(type, id, depth)]));
}

/** A value of the type; in one of twenty cases, of any other. */
function anyValueOf(type: GraphQLInputType, id: fc.Arbitrary<string>, depth: number): fc.Arbitrary<unknown> {
  const right = isNonNullType(type)
    ? rightValue(type.ofType, id, depth)
    : fc.option(rightValue(type, id, depth), { freq: 1 });
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
      return fc.oneof(
        { arbitrary: fc.integer({ min: 0, max: 3 }), weight: 8 },
        { arbitrary: fc.integer({ min: -2, max: 1_100 }), weight: 1 },
        { arbitrary: fc.constantFrom(2 ** 31 - 1, -(2 ** 31)), weight: 1 },
      );
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
      return fc.oneof({ arbitrary: oddText, weight: 4 }, { arbitrary: fc.oneof(oddCursor, id), weight: 1 });
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
