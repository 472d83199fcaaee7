import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { SluiceError } from '../../domain/errors.js';
import { refuseCostlyVariables } from './variable-limits.js';
import { refuseRepeatedVariables } from './variable-uses.js';

/** How many fields a response may have, if every list is as long as requested. */
const MAX_QUERY_FIELDS = 250_000;
const MAX_QUERY_DEPTH = 20;
/** Fields of the operation itself: those of a query are read at the same time. */
const MAX_ROOT_FIELDS = 100;
/** The assumed length of a list without `first`. */
const UNPAGED_LENGTH = 10;
/** Lists that can be much longer, up to 1,000 entries of text. Their higher cost keeps a query from reading those of many jobs at the same time. */
const LONG_LISTS = new Map([['errorSummary', 200]]);

type Variables = Readonly<Record<string, unknown>>;

interface Cost {
  readonly fields: number;
  readonly depth: number;
}

const NOTHING: Cost = { fields: 0, depth: 0 };

/**
 * Refuses an operation whose response could be larger than any honest one, since nested lists and repeated fragments multiply, or whose variables could. The
 * document must be valid. Throws BAD_REQUEST.
 */
export function refuseCostlyOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): void {
  refuseCostlyVariables(schema, operation, variables);
  refuseRepeatedVariables(document, variables);
  const meter = new Meter(schema, document, operation, variables);
  const { fields, depth } = meter.costOf(operation.selectionSet.selections, schema.getRootType(operation.operation));
  if (fields > MAX_QUERY_FIELDS) {
    const message = `the query selects more than ${MAX_QUERY_FIELDS} fields, the limit; select fewer, with a smaller first`;
    throw new SluiceError('BAD_REQUEST', message, { field: 'query' });
  }
  if (depth > MAX_QUERY_DEPTH) {
    const message = `the query selects fields ${depth} levels deep; at most ${MAX_QUERY_DEPTH} are allowed; split it into several queries`;
    throw new SluiceError('BAD_REQUEST', message, { field: 'query' });
  }
  const rootFields = meter.rootFields(operation.selectionSet.selections);
  if (rootFields > MAX_ROOT_FIELDS) {
    const message = `the operation has ${rootFields} fields at its top; at most ${MAX_ROOT_FIELDS} are allowed; split it into several`;
    throw new SluiceError('BAD_REQUEST', message, { field: 'query' });
  }
}

class Meter {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #costs = new Map<string, Cost>();
  readonly #rootFields = new Map<string, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    { definitions }: DocumentNode,
    private readonly operation: OperationDefinitionNode,
    private readonly variables: Variables,
  ) {
    const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  /** How many fields the operation itself has, with those of its fragments. Valid fragments do not contain themselves. */
  rootFields(selections: readonly SelectionNode[]): number {
    return selections.reduce((sum, selection) => sum + this.#rootFieldsIn(selection), 0);
  }

  #rootFieldsIn(selection: SelectionNode): number {
    switch (selection.kind) {
      case Kind.FIELD:
        return 1;
      case Kind.INLINE_FRAGMENT:
        return this.rootFields(selection.selectionSet.selections);
      case Kind.FRAGMENT_SPREAD:
        return this.#rootFieldsOfFragment(selection.name.value);
    }
  }

  /** Computed once, however often the fragment is used. */
  #rootFieldsOfFragment(name: string): number {
    const known = this.#rootFields.get(name);
    if (known !== undefined) return known;
    const count = this.rootFields(this.#fragments.get(name)?.selectionSet.selections ?? []);
    this.#rootFields.set(name, count);
    return count;
  }

  costOf(selections: readonly SelectionNode[], parent: GraphQLNamedType | null | undefined): Cost {
    return selections.reduce((sum, selection) => {
      const { fields, depth } = this.#costOfOne(selection, parent);
      return { fields: sum.fields + fields, depth: Math.max(sum.depth, depth) };
    }, NOTHING);
  }

  #costOfOne(selection: SelectionNode, parent: GraphQLNamedType | null | undefined): Cost {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.#costOfField(selection, parent);
      case Kind.INLINE_FRAGMENT: {
        const { typeCondition, selectionSet } = selection;
        return this.costOf(
          selectionSet.selections,
          typeCondition ? this.schema.getType(typeCondition.name.value) : parent,
        );
      }
      case Kind.FRAGMENT_SPREAD:
        return this.#costOfFragment(selection.name.value);
    }
  }

  /** Computed once, however often the fragment is used. */
  #costOfFragment(name: string): Cost {
    const known = this.#costs.get(name);
    if (known) return known;
    const fragment = this.#fragments.get(name);
    if (!fragment) return NOTHING;
    const type = this.schema.getType(fragment.typeCondition.name.value);
    const cost = this.costOf(fragment.selectionSet.selections, type);
    this.#costs.set(name, cost);
    return cost;
  }

  /** Introspection fields have no parent here and multiply nothing: graphql-js limits their depth itself. */
  #costOfField(node: FieldNode, parent: GraphQLNamedType | null | undefined): Cost {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    const below = this.costOf(node.selectionSet?.selections ?? [], field && getNamedType(field.type));
    const times = field ? this.#lengthOf(field, node) : 1;
    return { fields: 1 + times * below.fields, depth: 1 + below.depth };
  }

  /** How many items a field may return; the `nodes` of a page are counted with the field that has `first`. */
  #lengthOf(field: GraphQLField<unknown, unknown>, node: FieldNode): number {
    const first = field.args.find(({ name }) => name === 'first');
    if (first) return Math.max(0, this.#given(node) ?? Number(first.defaultValue ?? UNPAGED_LENGTH));
    if (!isListType(getNullableType(field.type)) || field.name === 'nodes') return 1;
    return LONG_LISTS.get(field.name) ?? UNPAGED_LENGTH;
  }

  /** The number given as `first`; undefined if none is given, or if execution will refuse the value. */
  #given(node: FieldNode): number | undefined {
    const value = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    if (value?.kind === Kind.INT) return Number(value.value);
    if (value?.kind !== Kind.VARIABLE) return undefined;
    const name = value.name.value;
    const sent = Object.hasOwn(this.variables, name) ? this.variables[name] : undefined;
    if (typeof sent === 'number') return sent;
    const definition = this.operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    return definition?.defaultValue?.kind === Kind.INT ? Number(definition.defaultValue.value) : undefined;
  }
}
