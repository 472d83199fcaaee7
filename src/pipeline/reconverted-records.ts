import type { StoredValues } from '../domain/design/stored-value.js';
import { positionOf, versionOf } from '../domain/record-id.js';
import type { StoredRow } from '../ports/record-store.js';

/** A stored record as the other design converts it. */
export interface Reconverted {
  readonly index: number;
  readonly recordId: string;
  readonly version: number;
  readonly savedAt: Date;
  readonly rows: readonly StoredValues[];
  readonly source: string | undefined;
}

const NO_VALUES: readonly StoredValues[] = [{}];

/** A record that is written only to show its id. */
export function idOnly(record: Reconverted): Reconverted {
  return { ...record, rows: NO_VALUES, source: undefined };
}

/**
 * If records become the same, the one that was written last wins, and keeps its `savedAt`. Records of one push have the same version, so a later write uses the next
 * version to overwrite an earlier one. Of the records of one write only the last is written. So one push needs at most one version per write, and the versions between two
 * jobs suffice. `stored`: what is written already. `others`: how many records are the same as an earlier one.
 */
export function lastWritten(
  records: readonly Reconverted[],
  stored: ReadonlyMap<string, StoredRow>,
): { readonly winners: readonly Reconverted[]; readonly others: number } {
  const winners = new Map<string, Reconverted>();
  let others = 0;
  for (const record of records) {
    const written = stored.get(record.recordId)?.version ?? 0;
    const before = winners.get(record.recordId)?.version ?? written;
    const position = positionOf(record.version);
    if (before > 0) others += 1;
    if (positionOf(before) > position) continue;
    winners.set(record.recordId, { ...record, version: Math.max(versionOf(position), written + 1) });
  }
  return { winners: [...winners.values()], others };
}
