import {
  astFromValue,
  type GraphQLEnumType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  print,
} from 'graphql';

/** A type of settings with parts of its own. */
export type Described = GraphQLInputObjectType | GraphQLEnumType;

/** The types of settings that are described once, since several steps have them, or since they contain themselves. */
export function sharedTypes(steps: readonly GraphQLInputField[]): readonly Described[] {
  const users = new Map<Described, Set<string>>();
  const recursive = new Set<Described>();
  const visit = (input: GraphQLInputObjectType, user: string, above: readonly Described[]) => {
    for (const { type } of Object.values(input.getFields())) {
      const named = getNamedType(type);
      if (!isDescribed(named)) continue;
      if (above.includes(named)) {
        recursive.add(named);
        continue;
      }
      users.set(named, (users.get(named) ?? new Set()).add(user));
      if (isInputObjectType(named)) visit(named, user, [...above, named]);
    }
  };
  for (const { type } of steps) {
    const input = getNamedType(type);
    // Steps with the same settings are described as one.
    if (isInputObjectType(input)) visit(input, input.name, [input]);
  }
  return [...users].filter(([type, { size }]) => size > 1 || recursive.has(type)).map(([type]) => type);
}

/** The settings of an input, or the values of an enum, as a list with lists in it. Shared types are links. */
export function listOf(
  type: Described,
  shared: readonly Described[],
  { indent = '', without = [] }: { readonly indent?: string; readonly without?: readonly string[] } = {},
): string[] {
  if (isEnumType(type))
    return type.getValues().map(({ name, description }) => `${indent}- \`${name}\`: ${description}`);
  const fields = Object.values(type.getFields()).filter(({ name }) => !without.includes(name));
  return fields.flatMap((field) => {
    const named = getNamedType(field.type);
    const line = `${indent}- \`${signatureOf(field)}\`: ${field.description}`;
    if (!isDescribed(named) || named === type) return [line];
    if (shared.includes(named)) return [`${line} See [${named.name}](#${named.name.toLowerCase()}).`];
    return [line, ...listOf(named, shared, { indent: `${indent}  ` })];
  });
}

function signatureOf({ name, type, defaultValue }: GraphQLInputField): string {
  const ast = defaultValue === undefined ? null : astFromValue(defaultValue, type);
  return `${name}: ${type}${ast ? ` = ${print(ast)}` : ''}`;
}

function isDescribed(type: GraphQLNamedType): type is Described {
  return isEnumType(type) || isInputObjectType(type);
}
