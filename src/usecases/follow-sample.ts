import type { Connection } from '../domain/connection.js';
import { mergeFields } from '../domain/design/design-from-fields.js';
import type { Catalog } from '../ports/catalog.js';

type Sampled = Pick<Connection, 'id' | 'sampleVersion' | 'fields'>;

/** Brings the drafts of all datasets on a connection to its sample; those that have it stay as they are. */
export async function refreshDrafts(catalog: Catalog, connection: Sampled): Promise<void> {
  let after: string | undefined;
  do {
    const page = await catalog.listDatasets({ connectionId: connection.id, first: 100, after });
    for (const { id } of page.nodes) await followSample(catalog, id, connection);
    after = page.hasNextPage ? page.nodes.at(-1)?.id : undefined;
  } while (after !== undefined);
}

/** Brings one draft to the sample. One that is edited at the same moment is read again: no edit is lost, and none keeps the new sample out. */
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
