import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Filter, FindOptions } from 'mongodb';
import { testDatabase } from '../../../test/support/mongod.js';
import { joinedFinds } from './joined-finds.js';

interface Named {
  readonly _id: string;
  readonly n: number;
}

describe('joined finds', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  it('find what is asked for at the same time with one read, and nothing under an unknown id', async () => {
    const documents = database.db.collection<Named>('documents');
    await documents.insertMany(['a', 'b', 'c'].map((_id, n) => ({ _id, n })));
    let reads = 0;
    const find = (filter: Filter<Named>, options: FindOptions) => {
      reads += 1;
      return documents.find(filter, options);
    };
    const findOne = joinedFinds({ find } as typeof documents);
    const found = await Promise.all(['c', 'none', 'a', 'c'].map(findOne));
    expect(found.map((document) => document?.n)).toEqual([2, undefined, 0, 2]);
    expect(reads).toBe(1);
  });
});
