import type { Connection } from '../domain/connection.js';
import { SluiceError } from '../domain/errors.js';
import { readSample, type SampleInput } from '../domain/sample/read-sample.js';
import { checkedName, notFound } from './checks.js';
import type { Deps } from './deps.js';
import { refreshDrafts } from './follow-sample.js';

export interface UpdateConnectionRequest {
  readonly name?: string;
  readonly sample?: SampleInput;
}

/**
 * Changes a connection's name or sample; what is absent stays. A new sample becomes the next sample version, which the drafts of all datasets on it follow:
 * what is new, gone or retyped stands among their changes until they are applied; sent again, it brings back the drafts that had changes discarded. Applied designs keep the version they were applied with.
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
    // Also for the sample there is: a draft may have gone back to an older one, or have been left behind by a crash.
    if (sample) await refreshDrafts(catalog, updated);
    return updated;
  };
}
