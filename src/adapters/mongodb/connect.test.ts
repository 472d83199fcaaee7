import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../../test/support/mongod.js';
import { connectMongo } from './connect.js';

describe('the connection to MongoDB', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  it.each(['secondary', 'secondaryPreferred', 'nearest'])(
    'reads from the primary, which knows of every revocation, also if the URL says readPreference=%s',
    async (preference) => {
      const client = await connectMongo(`${database.url}&readPreference=${preference}`);
      try {
        expect(client.db().collection('any').readPreference).toMatchObject({ mode: 'primary' });
        expect(await client.db().collection('any').findOne()).toBeNull();
      } finally {
        await client.close();
      }
    },
  );
});
