import { SluiceError } from '../errors.js';
import { type Access, FULL_ACCESS, type RowRestriction } from './caller.js';
import { visibleColumns } from './visible-columns.js';

/**
 * What an API key is for. MANAGE: everything. PUSH: to push, to delete, and to see the jobs of these pushes and their errors. READ: to read the rows of datasets without a security
 * name.
 */
export const SCOPES = ['MANAGE', 'PUSH', 'READ'] as const;
export type Scope = (typeof SCOPES)[number];

/** The access of an API key. `datasetIds` is null for a key of all datasets. */
export function accessOfScopes(scopes: readonly Scope[], datasetIds: readonly string[] | null): Access {
  if (scopes.includes('MANAGE')) return FULL_ACCESS;
  const datasets = datasetIds && new Set(datasetIds);
  const covers = (id: string | undefined) => datasets === null || (id !== undefined && datasets.has(id));
  const [pushes, reads] = [scopes.includes('PUSH'), scopes.includes('READ')];
  return {
    datasets,
    knowsOnlyReadable: false,
    sees: (area, id) => covers(id) && (area === 'DATASETS' || (area === 'JOBS' && pushes)),
    may: (right, id) => right === 'PUSH' && pushes && covers(id),
    restrictionOf: (id) => (reads && covers(id) ? readUnsecured : readNothing),
  };
}

/** What a READ key may see of a dataset: all rows, unless permissions decide who sees which, and of these the columns that are not sensitive. */
const readUnsecured: RowRestriction = (columns) => {
  if (columns.every(({ securityName }) => securityName === null))
    return { filter: null, columns: visibleColumns(columns) };
  const message =
    'this dataset has a security name, so its rows are read with a viewer token, or with an API key that has the scope MANAGE';
  throw new SluiceError('FORBIDDEN', message);
};

const readNothing: RowRestriction = () => {
  throw new SluiceError('FORBIDDEN', 'this API key may not read rows; use one that has the scope READ on this dataset');
};
