import type { Column } from '../domain/design/column.js';
import { SluiceError } from '../domain/errors.js';
import type { JsonValue } from '../domain/json/json-value.js';
import type { RecordFilterInput } from '../domain/query/parse-filter.js';
import { shownFilter } from '../domain/query/show-filter.js';
import { type Caller, requireRight } from '../domain/security/caller.js';
import { compilePermissions } from '../domain/security/compile-permissions.js';
import type { Permission } from '../domain/security/permissions.js';
import { accessOfViewer } from '../domain/security/viewer-access.js';
import { existingDataset } from './checks.js';
import { givenPermissions } from './create-viewer-token.js';
import type { Deps } from './deps.js';
import type { DesignColumns } from './design-columns.js';
import { readRecords } from './read-records.js';
import { readViewerToken } from './viewers.js';
import type { RowsFor } from './visible-rows.js';

/** What permissions show of a dataset. */
export interface PermissionsExplanation {
  /** Why a viewer with these permissions gets FORBIDDEN; null if it does not. */
  readonly reason: string | null;
  /** Which rows a viewer sees; null for all, and if it gets FORBIDDEN. */
  readonly filter: RecordFilterInput | null;
  readonly columns: readonly Column[];
  readonly rowCount: number;
}

/** Permissions, or a token that has them: exactly one of both. */
export interface GivenPermissions {
  readonly permissions: JsonValue | undefined;
  readonly token: string | undefined;
}

interface ExplanationDeps extends Pick<Deps, 'catalog' | 'generations' | 'viewerTokens'> {
  readonly designs: DesignColumns;
  readonly rowsFor: RowsFor;
}

/** Shows a manager what a viewer with permissions sees of a dataset. Reads as that viewer would. Throws FORBIDDEN, NOT_FOUND and BAD_REQUEST. */
export function explainPermissions(deps: ExplanationDeps, caller: Caller) {
  return async (datasetId: string, given: GivenPermissions): Promise<PermissionsExplanation> => {
    requireRight(caller, 'MANAGE');
    const permissions = await permissionsOf(given, deps);
    const dataset = await existingDataset(deps.catalog, datasetId);
    if (dataset.appliedRevision === null)
      return invisible('the dataset has no applied design yet, so nobody sees rows');
    const design = await deps.designs.of(dataset, dataset.appliedRevision);
    const viewer = deps.rowsFor({ access: accessOfViewer(permissions) });
    const records = readRecords(deps, viewer);
    try {
      const { filter } = viewer.visible(datasetId, design);
      const [columns, rowCount] = [await records.columns(dataset), await records.rowCount(dataset)];
      return { reason: null, filter: filter && shownFilter(filter, design), columns, rowCount };
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code !== 'FORBIDDEN') throw error;
      return invisible(reasonOf(permissions, datasetId, design) ?? error.message);
    }
  };
}

function invisible(reason: string): PermissionsExplanation {
  return { reason, filter: null, columns: [], rowCount: 0 };
}

/** Why permissions show nothing of a dataset. A viewer is not told. */
function reasonOf(permissions: readonly Permission[], datasetId: string, design: readonly Column[]): string | null {
  const compiled = compilePermissions(permissions, datasetId, design);
  return 'reason' in compiled ? compiled.reason : null;
}

async function permissionsOf(
  { permissions, token }: GivenPermissions,
  { viewerTokens }: Pick<Deps, 'viewerTokens'>,
): Promise<readonly Permission[]> {
  if ((permissions === undefined) === (token === undefined)) {
    throw new SluiceError('BAD_REQUEST', 'give either permissions or a token that has them', { field: 'permissions' });
  }
  if (permissions !== undefined) return givenPermissions(permissions, 'permissions');
  try {
    return (await readViewerToken(token ?? '', viewerTokens)).permissions;
  } catch (error) {
    // The manager's own credentials are fine.
    if (!(error instanceof SluiceError) || error.code !== 'UNAUTHENTICATED') throw error;
    throw new SluiceError('BAD_REQUEST', error.message, { field: 'token' }, { cause: error });
  }
}
