import { median } from './measure.js';
import { TARGETS, type Target, verdictOf } from './targets.js';
import type { Measurement } from './workload.js';

const HEAD = ['row', 'median', 'spread', 'rounds', 'Sluice', 'baseline', 'must', 'aim', ''];

/** The table of medians, with the least and the most of all rounds as the spread, and how many rounds there were. */
export function tableOf(measurements: readonly Measurement[]): string {
  const lines = [HEAD, ...measurements.map((measurement) => [measurement.row, ...cellsOf(measurement)])];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  const padded = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  return lines.map((cells) => cells.map(padded).join('  ').trimEnd()).join('\n');
}

/** The same in Markdown, with what each row is, for docs/performance.md. */
export function markdownOf(measurements: readonly Measurement[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = measurements.map((measurement) => {
    const { what, guarded }: Target = TARGETS[measurement.row];
    return line([`\`${measurement.row}\`${guarded ? ' (guarded)' : ''}: ${what}`, ...cellsOf(measurement)]);
  });
  return [line(HEAD), line(HEAD.map(() => '---')), ...rows].join('\n');
}

function cellsOf({ row, values, own, raw, of = '' }: Measurement): string[] {
  const target: Target = TARGETS[row];
  const value = median(values);
  const absolute = (numbers?: readonly number[]) => (numbers ? `${shown(median(numbers))} ${of}` : '');
  return [
    shown(value) + (target.unit === 'ratio' ? '' : ` ${target.unit}`),
    values.length === 1 ? '' : `${shown(Math.min(...values))} to ${shown(Math.max(...values))}`,
    `${values.length}`,
    absolute(own),
    absolute(raw),
    bound(target, target.must),
    bound(target, target.aim),
    verdictOf(target, value),
  ];
}

function bound({ better }: Target, value: number | undefined): string {
  return value === undefined ? '' : `${better === 'higher' ? '>=' : '<='} ${value}`;
}

/** Three digits, or a whole number with separators. */
function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
