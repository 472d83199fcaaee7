import { memoryRecordStore } from '../../src/adapters/memory/record-store.js';
import { describeRecordStore } from './record-store.contract.js';

describeRecordStore('memory', async () => ({ store: memoryRecordStore(), close: async () => undefined }));
