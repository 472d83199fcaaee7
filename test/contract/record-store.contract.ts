import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import type { RecordStore } from '../../src/ports/record-store.js';
import { StoreBench } from './record-store.bench.js';
import { describeServerClock } from './record-store.clock.js';
import { describeGenerations } from './record-store.generations.js';
import { describeHidden } from './record-store.hidden.js';
import { describePlainRows } from './record-store.plain.js';
import { describePoints } from './record-store.points.js';
import { describeReading } from './record-store.reading.js';
import { describeRules } from './record-store.rules.js';
import { describeStrain } from './record-store.strain.js';
import { describeTexts } from './record-store.texts.js';
import { describeWriting } from './record-store.writing.js';

export interface StoreUnderTest {
  readonly store: RecordStore;
  close(): Promise<void>;
}

/** A part of the contract. Each of its tests has its own empty generation. */
type Part = (bench: () => StoreBench) => void;

/** The contract of a store without a server. */
export const WITHOUT_SERVER: readonly Part[] = [
  describeWriting,
  describePlainRows,
  describeHidden,
  (bench) => describeStrain(bench),
  describeGenerations,
  describeRules,
  (bench) => describeReading(bench),
  (bench) => describePoints(bench),
  (bench) => describeTexts(bench),
];

/** The contract of a store that has a clock of its own. */
export const WITH_SERVER: readonly Part[] = [...WITHOUT_SERVER, describeServerClock];

/** The contract with fewer random runs, for a store that takes long to create an index or a collection. */
export const WITH_FEWER_RUNS: readonly Part[] = [
  describeWriting,
  describePlainRows,
  describeHidden,
  (bench) => describeStrain(bench, 20),
  describeGenerations,
  describeRules,
  (bench) => describeReading(bench, 15),
  (bench) => describePoints(bench, 5),
  (bench) => describeTexts(bench),
  describeServerClock,
];

/** The contract of every record store, as documented in {@link RecordStore}. */
export function describeRecordStore(name: string, create: () => Promise<StoreUnderTest>, parts: readonly Part[]): void {
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

    for (const describePart of parts) describePart(() => bench);
  });
}
