import type { Client, estypes } from '@elastic/elasticsearch';
import type { RowWrite } from '../../../ports/record-store.js';
import { aliasOf } from '../generation-index.js';
import { storeError } from '../store-error.js';
import { type RowSource, toWrite } from './row-source.js';

const IDS_AT_ONCE = 2_000;

/** What is stored under these ids at this moment, visible to searches or not. */
export async function readRows(
  client: Client,
  generation: string,
  ids: readonly string[],
  withSource: boolean,
): Promise<RowWrite[]> {
  const rows: RowWrite[] = [];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const { docs } = await client.mget<RowSource>({
      index: aliasOf(generation),
      ids: ids.slice(start, start + IDS_AT_ONCE),
      ...(!withSource && { _source_excludes: ['j'] }),
    });
    for (const doc of docs) {
      const row = toRowWrite(doc);
      if (row) rows.push(row);
    }
  }
  return rows;
}

function toRowWrite(doc: estypes.MgetResponseItem<RowSource>): RowWrite | null {
  if ('error' in doc) {
    const { type, reason } = doc.error;
    throw storeError({ status: 503, type, reason: reason ?? type });
  }
  const { found, _version: version, _source: source } = doc;
  return found && version !== undefined && source ? toWrite({ version, source }) : null;
}
