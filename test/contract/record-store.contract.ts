import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import type { RecordStore } from '../../src/ports/record-store.js';
import { StoreBench } from './record-store.bench.js';
import { describeGenerations } from './record-store.generations.js';
import { describeReading } from './record-store.reading.js';
import { describeRules } from './record-store.rules.js';
import { describeWriting } from './record-store.writing.js';

export interface StoreUnderTest {
  readonly store: RecordStore;
  close(): Promise<void>;
}

/** What every record store promises, as {@link RecordStore} says it. Each test has an empty generation of its own. */
export function describeRecordStore(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`record store: ${name}`, () => {
    let underTest: StoreUnderTest;
    let bench: StoreBench;
    beforeAll(async () => {
      underTest = await create();
      bench = new StoreBench(underTest.store);
    });
    afterAll(() => underTest.close());
    beforeEach(async () => {
      bench.generation = await bench.newGeneration();
    });

    const current = () => bench;
    describeWriting(current);
    describeGenerations(current);
    describeRules(current);
    describeReading(current);
  });
}
