import type { ClientSession } from 'mongodb';
import type { Dataset } from '../../domain/dataset.js';
import { SluiceError } from '../../domain/errors.js';
import { briefJson } from '../../domain/json/stringify-json.js';
import type { Collections } from './collections.js';
import { NO_PUSH } from './indexes.js';
import { IS_OPEN } from './job-end.js';
import { HAS_MARK } from './job-marks.js';

/** In the transaction that stores a design: makes sure that the datasets that it looks up exist, and are not deleted at the same time. Throws DESIGN_CONFLICT. */
export async function holdLookedUp(
  { datasets }: Pick<Collections, 'datasets'>,
  ids: readonly string[],
  session: ClientSession,
): Promise<void> {
  for (const id of ids) {
    const held = await datasets.updateOne({ _id: id, deletedAt: null }, { $inc: { lookups: 1 } }, { session });
    if (held.matchedCount > 0) continue;
    const message = `dataset ${briefJson(id)}, which a step looks up, was deleted at the same time; look up another dataset`;
    throw new SluiceError('DESIGN_CONFLICT', message);
  }
}

/** The datasets that look up a dataset, by their drafts, their applied designs, or designs that waiting jobs apply or try. */
export async function usersOf(
  { datasets, designs, jobs }: Pick<Collections, 'datasets' | 'designs' | 'jobs'>,
  id: string,
  session: ClientSession,
): Promise<Pick<Dataset, 'id' | 'name'>[]> {
  const found = await designs.find({ lookedUp: id }, { session, projection: { datasetId: 1, revision: 1 } }).toArray();
  const revisions = new Map<string, number[]>();
  for (const { datasetId, revision } of found)
    revisions.set(datasetId, [...(revisions.get(datasetId) ?? []), revision]);
  if (revisions.size === 0) return [];
  const users = datasets.find({ _id: { $in: [...revisions.keys()] }, deletedAt: null }, { session }).sort({ _id: 1 });
  const using: Pick<Dataset, 'id' | 'name'>[] = [];
  for (const { _id, name, draftRevision, appliedRevision } of await users.toArray()) {
    const looking = revisions.get(_id) ?? [];
    const pinned = { ...HAS_MARK, ...IS_OPEN, ...NO_PUSH, datasetId: _id };
    const isWaiting = () =>
      jobs.findOne(
        { ...pinned, $or: [{ revision: { $in: looking } }, { triedRevision: { $in: looking } }] },
        { session, projection: { _id: 1 } },
      );
    const isCurrent = looking.some((revision) => revision === draftRevision || revision === appliedRevision);
    if (isCurrent || (await isWaiting()) !== null) using.push({ id: _id, name });
  }
  return using;
}
