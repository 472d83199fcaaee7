import {
  type FieldNode,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  isObjectType,
  Kind,
} from 'graphql';
import type { Dataset } from '../../domain/dataset.js';
import { LatestEntries } from '../../domain/latest-entries.js';
import type { GraphqlContext } from './context.js';

/** How many datasets are remembered. */
const DATASETS_REMEMBERED = 1_000;

/**
 * Reads the rows of `dataset(id) { records }` while the dataset is read, in the generation and under the design that it last had:
 * ```
 * dataset   |--- read ---|
 * records   |--- read as last time ---|   used if the dataset still has that generation and design, otherwise read again
 * ```
 * Invariant: a page is only used if a dataset that was read for the same request says that its rows are read in this way. So nothing that is shown, and no refusal, rests on what was remembered. The
 * rows of viewers, which permissions decide, are not read ahead at all.
 */
export function readPagesAhead(schema: GraphQLSchema): void {
  const root = fieldOf(schema, 'Query', 'dataset');
  const records = fieldOf(schema, 'Dataset', 'records');
  const { resolve: readDataset } = root;
  const { resolve: readPage } = records;
  if (!readDataset || !readPage) throw new TypeError('dataset and records have no resolvers');
  const remembered = new LatestEntries<Dataset>(DATASETS_REMEMBERED);

  root.resolve = async (source, args, context, info) => {
    const reading: unknown = readDataset(source, args, context, info);
    const last = remembered.get(String(args.id));
    const node = last && mayReadAhead(last, context) ? nodeOf(records, info) : undefined;
    if (last && node) {
      const given = () => getArgumentValues(records as GraphQLField<unknown, unknown>, node, info.variableValues);
      const page = begun(() => readPage(last, given(), context, info));
      context.pagesAhead.set(node, { dataset: last, page });
    }
    const dataset = (await reading) as Dataset | null;
    if (dataset) remembered.put(dataset.id, dataset);
    return dataset;
  };

  records.resolve = (dataset, args, context, info) => {
    const [node] = info.fieldNodes;
    const ahead = node && context.pagesAhead.get(node);
    const isSame = ahead && rowsAreReadAlike(ahead.dataset, dataset as Dataset);
    return isSame ? ahead.page : readPage(dataset, args, context, info);
  };
}

function fieldOf(schema: GraphQLSchema, typeName: string, name: string): GraphQLField<unknown, GraphqlContext> {
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  if (!field) throw new TypeError(`there is no field ${typeName}.${name}`);
  return field;
}

function mayReadAhead({ id, status }: Dataset, { caller }: GraphqlContext): boolean {
  // A page of a dataset whose rows are lost records that they are back.
  return status !== 'FAILED' && caller.kind === 'API_KEY' && caller.access.sees('DATASETS', id);
}

/** Where the operation asks for the page, if it does so in the plainest way. */
function nodeOf({ name }: { readonly name: string }, { fieldNodes }: GraphQLResolveInfo): FieldNode | undefined {
  const selections = fieldNodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  return selections.find(
    (node): node is FieldNode => node.kind === Kind.FIELD && node.name.value === name && !node.directives?.length,
  );
}

/** Begins to read a page. Nobody may ever ask for it, so nobody may ever see its error. */
function begun(read: () => unknown): Promise<unknown> {
  const page = (async () => read())();
  page.catch(() => undefined);
  return page;
}

/** Whether the rows of a dataset are read in the same way: from the same generation, under the same design, with the same notes about lost rows. */
function rowsAreReadAlike(one: Dataset, other: Dataset): boolean {
  return (
    one.id === other.id &&
    one.generation === other.generation &&
    one.appliedRevision === other.appliedRevision &&
    one.draftRevision === other.draftRevision &&
    one.status === other.status
  );
}
