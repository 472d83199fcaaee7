import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { median } from './measure.js';
import { TARGETS, type Target, verdictOf } from './targets.js';
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
export function failuresOf(measurements: readonly Measurement[]): string[] {
  return measurements
    .filter(({ row, values }) => verdictOf(TARGETS[row], median(values)) === 'FAILED')
    .map(({ row }) => row);
}
