import { describe, expect, it } from '@jest/globals';
import { memoryBudget } from '../../adapters/memory/memory-budget.js';
import type { Design } from '../../domain/design/design.js';
import type { RecordReader } from '../../usecases/record-reader.js';
import { AnswerRoom } from './answer-room.js';
import { SharedReads } from './shared-reads.js';

const named = (datasetId: string, revision: number) =>
  ({ datasetId, revision, columns: [] as const }) as unknown as Design;

/** The reads of one operation, and what they ask the catalog for. */
function sharing() {
  const asked: string[] = [];
  const catalog = {
    async design(datasetId: string, revision: number) {
      asked.push(`design ${datasetId} ${revision}`);
      return named(datasetId, revision);
    },
    async warnings({ datasetId }: Design) {
      asked.push(`warnings ${datasetId}`);
      return [];
    },
  };
  return { shared: new SharedReads({ catalog } as unknown as RecordReader, new AnswerRoom(memoryBudget(1))), asked };
}

describe('the reads of an operation', () => {
  it('are done once, until they are forgotten', async () => {
    const { shared, asked } = sharing();
    const [one, same] = await Promise.all([shared.design('a', 1), shared.design('a', 1), shared.design('b', 1)]);
    expect(one).toBe(same);
    expect(asked).toEqual(['design a 1', 'design b 1']);
    shared.forget();
    await shared.design('a', 1);
    expect(asked).toEqual(['design a 1', 'design b 1', 'design a 1']);
  });

  it('find out everything about a design once, and about each design by itself', async () => {
    const { shared, asked } = sharing();
    const called: Design[] = [];
    const find = (design: Design) => called.push(design);
    const other = (design: Design) => design.revision;
    const [one, unsaved] = [named('a', 1), named('a', 1)];
    expect([await shared.ofDesign(one, find), await shared.ofDesign(one, find)]).toEqual([1, 1]);
    expect([await shared.ofDesign(unsaved, find), await shared.ofDesign(one, other)]).toEqual([2, 1]);
    expect(called).toEqual([one, unsaved]);
    await Promise.all([shared.warnings(one), shared.warnings(one)]);
    expect(asked).toEqual(['warnings a']);
    shared.forget();
    await shared.warnings(one);
    expect(asked).toEqual(['warnings a', 'warnings a']);
  });
});
