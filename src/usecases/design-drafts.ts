import type { Dataset } from '../domain/dataset.js';
import { DEFAULT_RULES, type Design } from '../domain/design/design.js';
import { mergeFields, NO_COLUMNS } from '../domain/design/design-from-fields.js';
import { type DesignEdit, editDesign } from '../domain/design/edit-design.js';
import { SluiceError } from '../domain/errors.js';
import type { Caller } from '../domain/security/caller.js';
import { othersFirst } from '../event-loop/turns.js';
import type { Catalog } from '../ports/catalog.js';
import { existingDataset } from './checks.js';
import type { Deps } from './deps.js';
import { withLookups } from './design-lookups.js';
import { refuseWhileReloading } from './refuse-while-reloading.js';

export interface UpdateDesignRequest extends DesignEdit {
  /** The revision of the draft on which the edit is based. */
  readonly expectedRevision: number;
}

/** Changes the draft of a dataset. Loads use the applied design until the changes are applied. */
export function designDrafts({ catalog, ledger }: Pick<Deps, 'catalog' | 'ledger'>) {
  return {
    /**
     * Edits the draft. Throws NOT_FOUND, DESIGN_CONFLICT if the draft has another revision, BAD_REQUEST for unknown columns, INVALID_DESIGN with every fault of the edit, FORBIDDEN
     * if a step looks up a dataset that the caller may not read.
     */
    async update(
      datasetId: string,
      { expectedRevision, ...edit }: UpdateDesignRequest,
      caller: Caller,
    ): Promise<Dataset> {
      const draft = await draftOf(catalog, datasetId);
      if (draft.revision !== expectedRevision) throw conflict(expectedRevision, draft.revision);
      await othersFirst();
      const next = await edited(catalog, draft, edit, caller);
      await othersFirst();
      if (!(await catalog.replaceDraft(next))) {
        const now = await draftOf(catalog, datasetId);
        throw conflict(expectedRevision, now.revision);
      }
      return existingDataset(catalog, datasetId);
    },

    /**
     * Resets the draft to the applied design or, before the first apply, to what the sample gives. Throws NOT_FOUND, RELOAD_IN_PROGRESS, and DESIGN_CONFLICT if
     * something else edits the draft at the same time.
     */
    async discard(datasetId: string): Promise<Dataset> {
      const dataset = await existingDataset(catalog, datasetId);
      const draft = await draftOf(catalog, datasetId);
      const revision = draft.revision + 1;
      if (dataset.appliedRevision === null) {
        const sample = await catalog.findSample(draft.connectionId, draft.sampleVersion);
        const fresh = { ...draft, ...DEFAULT_RULES, ...mergeFields(NO_COLUMNS, sample?.fields ?? []), revision };
        if (!(await catalog.replaceDraft(fresh))) throw conflict(draft.revision, null);
      } else if (dataset.appliedRevision !== draft.revision) {
        await restoreApplied({ catalog, ledger }, draft, dataset.appliedRevision);
      }
      return existingDataset(catalog, datasetId);
    },
  };
}

/** The next revision of a draft. Throws as {@link editDesign}, and FORBIDDEN. */
export async function edited(catalog: Catalog, draft: Design, edit: DesignEdit, caller: Caller): Promise<Design> {
  const { transformations: given, ...rest } = edit;
  if (!given) return editDesign(draft, rest);
  return editDesign(draft, { ...rest, transformations: await withLookups(catalog, draft.datasetId, given, caller) });
}

async function restoreApplied(
  { catalog, ledger }: Pick<Deps, 'catalog' | 'ledger'>,
  { datasetId, revision, lastKey }: Design,
  appliedRevision: number,
): Promise<void> {
  const applied = await catalog.findDesign(datasetId, appliedRevision);
  if (!applied) throw conflict(revision, null);
  const restored = { ...applied, lastKey: Math.max(applied.lastKey, lastKey), revision: revision + 1 };
  const outcome = await catalog.applyInPlace(restored, appliedRevision);
  if (outcome === 'RELOADING') await refuseWhileReloading(ledger, datasetId);
  if (outcome !== 'APPLIED') throw conflict(revision, null);
}

async function draftOf(catalog: Catalog, id: string): Promise<Design> {
  const { draftRevision } = await existingDataset(catalog, id);
  const draft = await catalog.findDesign(id, draftRevision);
  if (!draft) throw new Error(`the draft of dataset ${id} is not in the catalog`);
  return draft;
}

function conflict(expected: number, actual: number | null): SluiceError {
  const message =
    actual === null
      ? `the draft is no longer at revision ${expected}; read the design and try again`
      : `the draft is at revision ${actual}, not at ${expected}; read the design, check what has changed, and send the edit for that revision`;
  const details = {
    field: 'input.expectedRevision',
    expected: String(expected),
    actual: String(actual ?? 'a later one'),
  };
  return new SluiceError('DESIGN_CONFLICT', message, details);
}
