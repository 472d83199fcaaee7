import type { Connection } from '../domain/connection.js';
import { columnsFromFields } from '../domain/design/design-from-fields.js';
import { SluiceError } from '../domain/errors.js';
import { readSample, type SampleInput } from '../domain/sample/read-sample.js';
import { checkedName, notFound } from './checks.js';
import type { Deps } from './deps.js';

export interface UpdateConnectionRequest {
  readonly name?: string;
  readonly sample?: SampleInput;
}

/**
 * Changes a connection's name or sample; what is absent stays. A new sample becomes the next sample version: the drafts of datasets that were
 * never applied follow it, an applied design keeps the version it was applied with.
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

async function refreshDrafts({ catalog }: Pick<Deps, 'catalog'>, connection: Connection): Promise<void> {
  const columns = columnsFromFields(connection.fields);
  let after: string | undefined;
  do {
    const page = await catalog.listDatasets({ connectionId: connection.id, status: ['DRAFT'], first: 100, after });
    for (const { id, draftRevision } of page.nodes) {
      const draft = await catalog.findDesign(id, draftRevision);
      const { sampleVersion } = connection;
      if (draft) await catalog.replaceDraft({ ...draft, revision: draftRevision + 1, sampleVersion, columns });
    }
    after = page.hasNextPage ? page.nodes.at(-1)?.id : undefined;
  } while (after !== undefined);
}
