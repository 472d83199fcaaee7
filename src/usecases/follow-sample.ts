import type { SampledConnection } from '../domain/connection.js';
import { mergeFields } from '../domain/design/design-from-fields.js';
import type { Catalog } from '../ports/catalog.js';

type Sampled = Pick<SampledConnection, 'id' | 'sampleVersion' | 'fields'>;

/** Updates the drafts of all datasets on a connection to its sample. Drafts that already have it do not change. */
export async function refreshDrafts(catalog: Catalog, connection: Sampled): Promise<void> {
  let after: string | undefined;
  do {
    const page = await catalog.listDatasets({ connectionId: connection.id, first: 100, after });
    for (const { id } of page.nodes) await followSample(catalog, id, connection);
    after = page.hasNextPage ? page.nodes.at(-1)?.id : undefined;
  } while (after !== undefined);
}

/** Updates one draft to the sample. If the draft is edited at the same time, it is read again: no edit is lost, and no edit blocks the new sample. */
export async function followSample(
  catalog: Catalog,
  datasetId: string,
  { sampleVersion, fields }: Sampled,
): Promise<void> {
  for (;;) {
    const dataset = await catalog.findDataset(datasetId);
    const draft = dataset && (await catalog.findDesign(datasetId, dataset.draftRevision));
    if (!draft || draft.sampleVersion >= sampleVersion) return;
    const next = { ...draft, ...mergeFields(draft, fields), revision: draft.revision + 1, sampleVersion };
    if (await catalog.replaceDraft(next)) return;
  }
}
