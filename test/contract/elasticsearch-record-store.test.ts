import { testDatabase } from '../support/mongod.js';
import { describeRecordStore } from './record-store.contract.js';

describeRecordStore('elasticsearch', async () => {
  const { records, close } = await testDatabase();
  return { store: records, close };
});
