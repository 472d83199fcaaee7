import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Dataset } from '../../src/domain/dataset.js';
import type { Column } from '../../src/domain/design/column.js';
import type { Design } from '../../src/domain/design/design.js';
import type { StoredValues } from '../../src/domain/design/stored-value.js';
import { SluiceError } from '../../src/domain/errors.js';
import { compareRows, placeOfRow } from '../../src/domain/query/compare-rows.js';
import { compileFilter } from '../../src/domain/query/evaluate-filter.js';
import { parseFilter, type RecordFilterInput } from '../../src/domain/query/parse-filter.js';
import { parseOrder, type RecordOrderInput } from '../../src/domain/query/parse-order.js';
import { shownFilter } from '../../src/domain/query/show-filter.js';
import { FULL_ACCESS } from '../../src/domain/security/caller.js';
import { rowRestriction } from '../../src/domain/security/compile-permissions.js';
import { readPermissions } from '../../src/domain/security/read-permissions.js';
import type { Row } from '../../src/ports/row-writes.js';
import { DesignColumns } from '../../src/usecases/design-columns.js';
import { readRecords } from '../../src/usecases/read-records.js';
import { CallerRows } from '../../src/usecases/visible-rows.js';
import { type TestDatabase, testDatabase } from '../support/mongod.js';
import { type Claim, naivelySees } from '../support/naive-permissions.js';
import {
  claimFor,
  columnsWith,
  DATASET,
  queryValueFor,
  someColumns,
  someValues,
} from '../support/random-permissions.js';
import { conditionOn, filterOf, row } from './record-store.rows.js';

/** Cases that ask the store at the same time. */
const AT_ONCE = 20;
const GENERATION = 'rows_permissions_1';
const [SEED, COLUMNS] = [Number(process.env.SLUICE_PERMISSION_SEED ?? Date.now() % 2 ** 31), columnsWith(() => true)];

type ReadDeps = Parameters<typeof readRecords>[0];

/** Who asks, and what for. */
interface Case {
  readonly columns: readonly Column[];
  readonly claim: Claim;
  readonly where: RecordFilterInput;
  readonly orderBy: readonly RecordOrderInput[];
  readonly first: number;
  readonly rowIndex: number;
}

const ROWS: readonly Row[] = fc
  .sample(someValues, { numRuns: 200, seed: SEED })
  .map((values, n) => row(`r${n}`, values));

const where = filterOf(conditionOn(COLUMNS, queryValueFor, (value) => value.map(String))).map((filter) =>
  shownFilter(filter, COLUMNS),
);
const orderBy = fc.uniqueArray(
  fc.record({
    column: fc.constantFrom('text', 'numeric', 'boolean', 'datetime'),
    direction: fc.constantFrom('ASC' as const, 'DESC' as const),
  }),
  { selector: ({ column }) => column, maxLength: 2 },
);
const someCase: fc.Arbitrary<Case> = someColumns.chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    claim: claimFor(columns),
    where: fc.oneof(fc.constant({}), where),
    orderBy,
    // Few walk many pages, which takes most of the time.
    first: fc.constantFrom(9, ...Array<number>(4).fill(60), ...Array<number>(5).fill(200)),
    rowIndex: fc.nat({ max: ROWS.length - 1 }),
  }),
);

/** What random viewers find with random queries in a record store, compared with a naive reading of their tokens. `SLUICE_PERMISSION_RUNS` sets the number of cases. */
export function describePermissions(name: string, defaultRuns: number): void {
  const runs = Number(process.env.SLUICE_PERMISSION_RUNS ?? defaultRuns);
  jest.setTimeout(60_000 + runs * 200);
  describe(`row-level security on ${name}`, () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await testDatabase();
      await database.records.createGeneration(GENERATION, COLUMNS);
      await database.records.writeRows(GENERATION, ROWS, () => undefined);
      await database.records.refresh(GENERATION);
    });
    afterAll(async () => {
      await database.records.dropGeneration(GENERATION);
      await database.close();
    });

    it('shows viewers exactly their rows in pages, counts and single rows, whatever they ask for', async () => {
      const seen = { refused: 0, none: 0, some: 0, all: 0 };
      const cases = fc.sample(someCase, { numRuns: runs, seed: SEED });
      for (let at = 0; at < cases.length; at += AT_ONCE) {
        const batch = cases.slice(at, at + AT_ONCE);
        const results = await Promise.all(batch.map(found));
        for (const [index, one] of batch.entries()) seen[compared(one, results[index])] += 1;
      }
      // Otherwise the comparison would be of nothing.
      for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs / 500);
    });

    /** The ids of all pages, the count and the values of one row, as a viewer with the claim gets them; FORBIDDEN if it gets none. */
    async function found({ columns, claim, where: asked, orderBy: order, first, rowIndex }: Case) {
      const restrictionOf = (datasetId: string) => rowRestriction(readPermissions(claim), datasetId);
      const callerRows = new CallerRows({ access: { ...FULL_ACCESS, restrictionOf } }, database.records);
      const designs = new DesignColumns({ findDesign: async () => ({ columns }) as Design });
      const deps: Pick<ReadDeps, 'designs'> = { designs };
      const generations = { isReadable: async () => true };
      const records = readRecords({ ...deps, generations } as unknown as ReadDeps, callerRows);
      const dataset = { id: DATASET, generation: GENERATION, appliedRevision: 1 } as Dataset;
      try {
        const ids: string[] = [];
        let after: string | undefined;
        for (;;) {
          const page = await records.page(dataset, { where: asked, orderBy: order, first, ...(after && { after }) });
          ids.push(...page.nodes.map(({ id }) => id));
          if (!page.hasNextPage || page.endCursor === null) {
            const values = await callerRows.visible(DATASET, columns).readValues(GENERATION, `r${rowIndex}`);
            return { ids, count: await page.totalCount(), isShown: values !== null };
          }
          after = page.endCursor;
        }
      } catch (error) {
        if (error instanceof SluiceError && error.code === 'FORBIDDEN') return 'FORBIDDEN' as const;
        throw error;
      }
    }
  });
}

/** Compares what a case gave with what it must give, and says how many rows it permits. */
function compared(one: Case, got: unknown): 'refused' | 'none' | 'some' | 'all' {
  const { permitted, result } = expectedOf(one);
  const isRefused = got === 'FORBIDDEN';
  expect([describeCase(one), isRefused ? permitted : got]).toEqual([describeCase(one), isRefused ? 0 : result]);
  if (isRefused) return 'refused';
  if (permitted === 0) return 'none';
  return permitted < ROWS.length ? 'some' : 'all';
}

function expectedOf({ columns, claim, where: asked, orderBy: given, rowIndex }: Case) {
  const sees: (values: StoredValues) => boolean = naivelySees(claim, DATASET, columns) ?? (() => false);
  const permitted = ROWS.filter(({ values }) => sees(values));
  const matches = compileFilter(parseFilter(asked, columns));
  const order = parseOrder(given, columns);
  const places = permitted
    .filter(({ values }) => matches(values))
    .map(({ id, values }) => placeOfRow(id, values, order))
    .sort((a, b) => compareRows(a, b, order));
  const isShown = permitted.some(({ id }) => id === `r${rowIndex}`);
  const result = { ids: places.map(({ rowId }) => rowId), count: places.length, isShown };
  return { permitted: permitted.length, result };
}

/** What to repeat: the seed gives the rows and the cases. */
function describeCase({ columns, ...rest }: Case): string {
  const names = columns.map(({ securityName }) => securityName);
  return `SLUICE_PERMISSION_SEED=${SEED} ${JSON.stringify({ names, ...rest })}`;
}
