import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../../test/support/mongod.js';
import type { Answer } from '../../domain/transform/answers.js';
import type { AnswerLog } from '../../ports/answer-log.js';
import { mongoAnswerLog } from './answer-log.js';
import { collectionsOf } from './collections.js';

describe('the answer log', () => {
  let database: TestDatabase;
  let log: AnswerLog;
  beforeAll(async () => {
    database = await testDatabase();
    log = mongoAnswerLog(collectionsOf(database.db));
  });
  afterAll(() => database.close());

  const run = (runToken: number) => ({ runToken, datasetId: 'd' });
  const part = (jobId: string, number: number, isLast: boolean, answers: Record<string, Answer>, through = '') => ({
    ...{ jobId, part: number, isLast, through },
    answers: new Map(Object.entries(answers)),
  });
  const value = (c1: string): Answer => ({ values: { c1 } });

  it('returns every kind of answer as it was', async () => {
    const answers: Record<string, Answer> = {
      'd/a': {
        values: { c1: 'a\u0000$é😀', c2: -1.5, c3: 2 ** 53 - 1, c4: false, c5: new Date(-1), c6: ['', null], c7: [] },
      },
      'd/b': { values: null },
      'd/c': { values: { c1: 'x' }, faults: { c2: 'gone' } },
      $odd: { values: {} },
    };
    await log.keep(run(1), [part('all', 0, true, answers)]);
    expect(await log.read(['all', 'none'])).toEqual(new Map([['all', new Map(Object.entries(answers))]]));
    expect(await log.readPart('all', 0)).toEqual(part('all', 0, true, answers));
  });

  it('joins the parts of a job, without those that an earlier run left behind its last one', async () => {
    await log.keep(
      run(1),
      [0, 1, 2, 3].map((n) => part('parts', n, n === 3, { [`k${n}`]: value('1') })),
    );
    await log.keep(run(2), [part('parts', 0, false, { k: value('2') }), part('parts', 1, true, { l: value('2') })]);
    await log.keep(run(2), [part('other', 0, true, { o: value('2') })]);
    const read = await log.read(['parts', 'other']);
    expect([...(read.get('parts')?.keys() ?? [])]).toEqual(['k', 'l']);
    expect([...(read.get('other')?.keys() ?? [])]).toEqual(['o']);
    expect(await log.readPart('parts', 9)).toBeNull();
  });

  it('keeps what a later run has stored', async () => {
    await log.keep(run(3), [part('late', 0, true, { k: value('3') })]);
    await log.keep(run(2), [part('late', 0, false, { k: value('2') }), part('late', 1, true, { l: value('2') })]);
    expect(await log.read(['late'])).toEqual(new Map([['late', new Map([['k', value('3')]])]]));
  });
});
