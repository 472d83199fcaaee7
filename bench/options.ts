import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Store } from './targets.js';
import type { Workload } from './workload.js';
import { WORKLOADS } from './workloads.js';

const STORES: readonly Store[] = ['mongodb', 'elasticsearch'];
const HINT = 'npm run bench -- --help shows the options';

/** What the command line asks for. docs/performance.md explains the options. */
export interface Options {
  readonly isQuick: boolean;
  readonly guard: boolean;
  readonly markdown: boolean;
  readonly geocoding: boolean;
  /** A file in a folder that exists. */
  readonly json: string;
  readonly workloads: readonly Workload[];
  readonly stores: readonly Store[];
  /** Whether the command line names the stores: then none of them may be left out. */
  readonly areStoresNamed: boolean;
  readonly rounds: number;
  /** How long loads that go on for minutes do so. */
  readonly minutes: number;
  /** How many million rows a full run stores to see what they cost. */
  readonly millions: number;
}

/** What `commander` reads. */
interface Values extends Pick<Options, 'guard' | 'markdown' | 'geocoding' | 'json' | 'minutes' | 'millions'> {
  readonly quick: boolean;
  readonly only?: readonly string[];
  readonly store?: readonly Store[];
  readonly rounds?: number;
}

/** The command line of `npm run bench`. Its help and its errors end the process. */
export function commandLine(): Command {
  return new Command('npm run bench --')
    .usage('[options]')
    .description('Compares Sluice with writing the same documents directly to the store. It starts all servers itself.')
    .helpOption('--help', 'shows this')
    .showHelpAfterError(HINT)
    .showSuggestionAfterError(false)
    .option('--quick', 'small loads, and without --only the workloads that are short', false)
    .addOption(
      new Option('--only <workload...>', 'the workloads to run (default: all)').choices(
        WORKLOADS.map(({ name }) => name),
      ),
    )
    .addOption(new Option('--store <store...>', 'the stores of the rows (default: all)').choices(STORES))
    .option('--rounds <count>', 'rounds of each comparison (default: 5, with --quick 3)', roundsOf)
    .option('--minutes <number>', 'how long the workload `memory` loads', numberOf, 5)
    .option('--millions <number>', 'million rows that the workload `rows-stored` stores', numberOf, 5)
    .option('--json <file>', 'writes all rounds to this file', fileOf, 'bench-results.json')
    .option('--markdown', 'prints the table as Markdown', false)
    .option('--guard', 'exits with 1 if a guarded row misses what must be reached, twice in a row', false)
    .option('--geocoding', 'measures only the offline geocoder, and no store', false);
}

/** Reads the arguments. What is wrong with them is an error of the command line: one line, a hint to the help, and exit code 1. */
export function readOptions(args: readonly string[], command = commandLine()): Options {
  const values = command.parse(args, { from: 'user' }).opts<Values>();
  const { quick: isQuick, only, store: named, rounds = isQuick ? 3 : 5, ...others } = values;
  const stores = STORES.filter((store) => named?.includes(store) ?? true);
  const workloads = WORKLOADS.filter(({ name, quick }) => only?.includes(name) ?? (quick || !isQuick));
  if (!workloads.some((workload) => runsOn(workload, stores))) {
    const places = workloads.map(({ name, stores }) => `${name} runs only on ${stores.join(', ')}`);
    command.error(`error: no row would be measured with --store ${stores.join(', ')}: ${places.join('; ')}`);
  }
  return { ...others, isQuick, workloads, stores, areStoresNamed: named !== undefined, rounds };
}

function runsOn(workload: Workload, stores: readonly Store[]): boolean {
  return workload.stores.some((store) => stores.includes(store));
}

function roundsOf(text: string): number {
  const rounds = Number(text);
  if (Number.isSafeInteger(rounds) && rounds >= 1) return rounds;
  throw new InvalidArgumentError('Give a whole number from 1.');
}

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('Give a number above 0.');
}

/** Checks that the file can be written: hours later it would be too late. */
function fileOf(file: string): string {
  const path = resolve(file);
  if (isFolder(path)) throw new InvalidArgumentError('It is a folder; give a file.');
  const folder = dirname(path);
  if (!isFolder(folder)) throw new InvalidArgumentError(`There is no folder ${folder}; create it first.`);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new InvalidArgumentError(`The folder ${folder} is not writable.`);
  }
  return file;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
