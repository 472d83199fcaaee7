import { mongoRecordStore } from '../../src/adapters/mongodb/record-store.js';
import { testDatabase } from '../support/mongod.js';
import { describeRecordStore } from './record-store.contract.js';

describeRecordStore('mongodb', async () => {
  const { db, close } = await testDatabase();
  return { store: mongoRecordStore(db), close };
});
