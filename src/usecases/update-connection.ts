import type { Connection } from '../domain/connection.js';
import { mergeFields } from '../domain/design/design-from-fields.js';
import { SluiceError } from '../domain/errors.js';
import { readSample, type SampleInput } from '../domain/sample/read-sample.js';
import type { SourceField } from '../domain/sample/source-field.js';
import type { Catalog } from '../ports/catalog.js';
import { checkedName, notFound } from './checks.js';
import type { Deps } from './deps.js';

export interface UpdateConnectionRequest {
  readonly name?: string;
  readonly sample?: SampleInput;
}

/**
 * Changes a connection's name or sample; what is absent stays. A new sample becomes the next sample version, which the drafts of all datasets on it follow:
 * what is new, gone or retyped stands among their changes until they are applied. Applied designs keep the version they were applied with.
 */
export function updateConnection(deps: Pick<Deps, 'catalog' | 'clock'>) {
  return async (id: string, request: UpdateConnectionRequest): Promise<Connection> => {
    const { catalog, clock } = deps;
    const name = request.name === undefined ? undefined : checkedName(request.name, 'input.name');
    const sample = request.sample === undefined ? undefined : readSample(request.sample);
    const before = await catalog.findConnection(id);
    if (!before) throw notFound('connection', id);
    const changed = sample !== undefined && sample.text !== before.sample;
    const updated = await catalog.updateConnection(id, {
      ...(name !== undefined && { name }),
      ...(changed && {
        sample: { sample: sample.text, fields: sample.fields, sampleVersion: before.sampleVersion + 1 },
      }),
      updatedAt: clock.now(),
    });
    if (!updated) {
      throw new SluiceError(
        'DESIGN_CONFLICT',
        'the connection was changed or deleted meanwhile; read it and try again',
      );
    }
    if (changed) await refreshDrafts(deps, updated);
    return updated;
  };
}

/** A draft that is edited at the same moment is read again: no edit is lost, and none keeps the new sample out. */
async function refreshDrafts(
  { catalog }: Pick<Deps, 'catalog'>,
  { id, sampleVersion, fields }: Connection,
): Promise<void> {
  let after: string | undefined;
  do {
    const page = await catalog.listDatasets({ connectionId: id, first: 100, after });
    for (const dataset of page.nodes) await followSample(catalog, dataset.id, sampleVersion, fields);
    after = page.hasNextPage ? page.nodes.at(-1)?.id : undefined;
  } while (after !== undefined);
}

async function followSample(
  catalog: Catalog,
  datasetId: string,
  sampleVersion: number,
  fields: readonly SourceField[],
) {
  for (;;) {
    const dataset = await catalog.findDataset(datasetId);
    const draft = dataset && (await catalog.findDesign(datasetId, dataset.draftRevision));
    if (!draft || draft.sampleVersion >= sampleVersion) return;
    const next = { ...draft, ...mergeFields(draft, fields), revision: draft.revision + 1, sampleVersion };
    if (await catalog.replaceDraft(next)) return;
  }
}
