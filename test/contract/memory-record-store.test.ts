import { memoryRecordStore } from '../../src/adapters/memory/memory-record-store.js';
import { describeRecordStore, WITHOUT_SERVER } from './record-store.contract.js';

describeRecordStore(
  'memory',
  async () => ({ store: memoryRecordStore(), close: async () => undefined }),
  WITHOUT_SERVER,
);
