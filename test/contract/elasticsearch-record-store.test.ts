import { linesEncoding } from '../../src/adapters/elasticsearch/rows/lines-encoding.js';
import { testDatabase } from '../support/mongod.js';
import { describeRecordStore, WITH_FEWER_RUNS } from './record-store.contract.js';
import { describeEncodedRows } from './record-store.encoded.js';
import { describeHidden } from './record-store.hidden.js';
import { describePoints } from './record-store.points.js';
import { describeReading } from './record-store.reading.js';
import { describeWriting } from './record-store.writing.js';

describeRecordStore('elasticsearch', () => onElasticsearch(), [
  ...WITH_FEWER_RUNS,
  (bench) => describeEncodedRows(bench, linesEncoding),
]);

// Tests what depends on the shards of rows: orders and pages are merged, and each shard has its own versions.
describeRecordStore('elasticsearch with three shards', () => onElasticsearch({ ELASTICSEARCH_SHARDS: '3' }), [
  describeWriting,
  describeHidden,
  (bench) => describeReading(bench, 15),
  (bench) => describePoints(bench, 2),
]);

async function onElasticsearch(settings: NodeJS.ProcessEnv = {}) {
  const { records, close } = await testDatabase(settings);
  return { store: records, close };
}
