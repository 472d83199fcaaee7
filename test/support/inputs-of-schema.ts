import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

type Input = GraphQLArgument | GraphQLInputField;

/** An argument of a field, or a field of an input type at the first place where an argument has it. */
export interface InputPlace {
  /** As errors name it, with `[0]` for an element of a list. */
  readonly name: string;
  /** The type of the value at the place, without `!`. */
  readonly type: GraphQLInputType;
  /** An operation that sends a value at the place, and what else its field needs. */
  readonly operation: (value: unknown) => { readonly query: string; readonly variables: Record<string, unknown> };
}

/** Every argument, every input field and every element of a list of these; `ids` are the ids by which queries find objects. */
export function inputsOf(schema: GraphQLSchema, ids: Readonly<Record<string, string>>): InputPlace[] {
  const seen = new Set<string>();
  return fieldsWithArguments(schema, ids).flatMap(({ field, write }) =>
    field.args.flatMap((argument) => {
      const others = field.args.filter((other) => other !== argument && isRequired(other));
      const used = [argument, ...others];
      const operation = (value: unknown) => {
        const variables = Object.fromEntries(others.map(({ name, type }) => [name, plainValue(type)]));
        const declared = used.map(({ name, type }) => `$${name}: ${type}`).join(', ');
        const given = used.map(({ name }) => `${name}: $${name}`).join(', ');
        return { query: write(declared, given), variables: { ...variables, [argument.name]: value } };
      };
      return placesIn({ name: argument.name, type: argument.type, operation }, seen);
    }),
  );
}

function placesIn(place: InputPlace, seen: Set<string>): InputPlace[] {
  const { type, name, operation } = place;
  if (isNonNullType(type)) return placesIn({ ...place, type: type.ofType }, seen);
  if (isListType(type)) {
    const element = (value: unknown) => operation([value]);
    return [place, ...placesIn({ ...place, name: `${name}[0]`, type: type.ofType, operation: element }, seen)];
  }
  if (!isInputObjectType(type)) return [place];
  if (seen.has(type.name)) return [];
  seen.add(type.name);
  const fields = Object.values(type.getFields());
  return fields.flatMap((field) => {
    const others = type.isOneOf ? [] : fields.filter((other) => other !== field && isRequired(other));
    const rest = Object.fromEntries(others.map((other) => [other.name, plainValue(other.type)]));
    const inside = (value: unknown) => operation({ ...rest, [field.name]: value });
    return placesIn({ name: `${name}.${field.name}`, type: field.type, operation: inside }, seen);
  });
}

function isRequired({ type, defaultValue }: Input): boolean {
  return isNonNullType(type) && defaultValue === undefined;
}

/** A short value that GraphQL takes for the type. */
export function plainValue(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return plainValue(type.ofType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const given = type.isOneOf ? fields.slice(0, 1) : fields.filter(isRequired);
    return Object.fromEntries(given.map((field) => [field.name, plainValue(field.type)]));
  }
  switch (type.name) {
    case 'Boolean':
      return true;
    case 'Int':
    case 'Float':
      return 1;
    case 'JSON':
    case 'JSONObject':
      return {};
    case 'DateTime':
      return '2026-01-01T00:00:00Z';
    default:
      return 'x';
  }
}

/** The fields that have arguments, each with an operation that selects it; `ids` has an id for each root field that finds one object. */
function fieldsWithArguments(schema: GraphQLSchema, ids: Readonly<Record<string, string>>) {
  const written = new Map<string, (selection: string) => string>();
  const [query, mutation] = [schema.getQueryType(), schema.getMutationType()];
  if (!query || !mutation) throw new Error('the schema has no query or no mutation');
  written.set(query.name, (selection) => selection);
  for (const [name, id] of Object.entries(ids)) {
    const type = getNamedType(query.getFields()[name]?.type);
    if (type) written.set(type.name, (selection) => `${name}(id: "${id}") { ${selection} }`);
  }
  const all = [...written].map(([name, within]) => ({ type: objectType(schema, name), of: 'query', within }));
  all.push({ type: mutation, of: 'mutation', within: (selection) => selection });
  return all.flatMap(({ type, of, within }) =>
    Object.values(type.getFields())
      .filter(({ args }) => args.length > 0)
      .map((field) => ({
        place: `${type.name}.${field.name}`,
        field,
        write: (declared: string, given: string) => {
          const selection = isObjectType(getNamedType(field.type)) ? ' { __typename }' : '';
          return `${of} (${declared}) { ${within(`${field.name}(${given})${selection}`)} }`;
        },
      })),
  );
}

function objectType(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no type of objects`);
  return type;
}

/** The fields with arguments that {@link inputsOf} does not reach, except those of subscriptions. */
export function unreachedFields(schema: GraphQLSchema, ids: Readonly<Record<string, string>>): string[] {
  const reached = new Set(fieldsWithArguments(schema, ids).map(({ place }) => place));
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) =>
      isObjectType(type)
        ? Object.values(type.getFields()).map((field) => ({ place: `${type.name}.${field.name}`, field }))
        : [],
    )
    .filter(({ place, field }) => field.args.length > 0 && !reached.has(place))
    .map(({ place }) => place);
}
