import type { Connection } from '../domain/connection.js';
import { SluiceError } from '../domain/errors.js';
import { readSampleInSlices, type SampleInput } from '../domain/sample/read-sample.js';
import { inTurns } from '../event-loop/turns.js';
import { checkedName, notFound } from './checks.js';
import type { Deps } from './deps.js';
import { refreshDrafts } from './follow-sample.js';

export interface UpdateConnectionRequest {
  readonly name?: string;
  readonly sample?: SampleInput;
}

/**
 * Changes a connection's name or sample; what is left out does not change. A new sample becomes the next sample version, and the drafts of all datasets on the
 * connection follow it: fields that are new, gone or of another type appear as changes of those drafts. Applied designs keep their sample version. If the same sample
 * is sent again, drafts whose changes were discarded follow it again.
 */
export function updateConnection(deps: Pick<Deps, 'catalog' | 'clock'>) {
  return async (id: string, request: UpdateConnectionRequest): Promise<Connection> => {
    const { catalog, clock } = deps;
    const name = request.name === undefined ? undefined : checkedName(request.name, 'input.name');
    const sample = request.sample === undefined ? undefined : await inTurns(readSampleInSlices(request.sample));
    const before = await catalog.findSampledConnection(id);
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
        'something else changed or deleted the connection at the same time; read it and try again',
      );
    }
    // Also if the sample is unchanged: a draft may have been reset to an older one, or a crash may have interrupted an earlier update.
    if (sample) await refreshDrafts(catalog, updated);
    return updated;
  };
}
