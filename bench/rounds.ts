import type { RowName } from './targets.js';
import type { Bench, Measurement } from './workload.js';

/** Runs the baseline and Sluice in alternating rounds, so that both meet the same machine. Both return a number in the unit `of`; the row's values are Sluice / baseline. */
export async function alternate(
  bench: Bench,
  row: RowName,
  of: string,
  { raw, own }: Record<'raw' | 'own', (round: number) => Promise<number>>,
): Promise<Measurement & { own: readonly number[]; raw: readonly number[] }> {
  const [owns, raws]: [number[], number[]] = [[], []];
  for (let round = 0; bench.hasRound(round); round += 1) {
    raws.push(await raw(round));
    owns.push(await own(round));
    bench.note(`${row}: round ${round + 1}`);
  }
  return { row, values: owns.map((value, round) => value / (raws[round] ?? Number.NaN)), own: owns, raw: raws, of };
}
