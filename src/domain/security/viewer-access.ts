import type { Access } from './caller.js';
import { rowRestriction } from './compile-permissions.js';
import type { Permission } from './permissions.js';

/**
 * The access of a viewer token with these permissions: the rows that they permit, and the names and columns of the datasets that these rows are in. Datasets cannot be
 * listed, since which of them it sees is only known once the permissions are compiled for each.
 */
export function accessOfViewer(permissions: readonly Permission[]): Access {
  return {
    datasets: null,
    knowsOnlyReadable: true,
    sees: (area, datasetId) => area === 'DATASETS' && datasetId !== undefined,
    may: () => false,
    restrictionOf: (datasetId) => rowRestriction(permissions, datasetId),
  };
}
