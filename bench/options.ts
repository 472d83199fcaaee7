import { parseArgs } from 'node:util';
import type { Store } from './targets.js';
import type { Workload } from './workload.js';
import { WORKLOADS } from './workloads.js';

const STORES: readonly Store[] = ['mongodb', 'elasticsearch'];

/** What the command line asks for. docs/performance.md explains the options. */
export interface Options {
  readonly isQuick: boolean;
  readonly guard: boolean;
  readonly markdown: boolean;
  readonly geocoding: boolean;
  readonly json: string;
  readonly workloads: readonly Workload[];
  readonly stores: readonly Store[];
  readonly rounds: number;
  /** How long loads that go on for minutes do so. */
  readonly minutes: number;
  /** How many million rows a full run stores to see what they cost. */
  readonly millions: number;
}

/** Reads the command line. Throws for an unknown option, workload or store, and for a number that is none. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      guard: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      geocoding: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      store: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      minutes: { type: 'string', default: '5' },
      millions: { type: 'string', default: '5' },
      json: { type: 'string', default: 'bench-results.json' },
    },
  });
  const { quick: isQuick, guard, markdown, geocoding, json } = values;
  const numbers = {
    rounds: numberOf('rounds', values.rounds ?? (isQuick ? '3' : '5')),
    minutes: numberOf('minutes', values.minutes),
    millions: numberOf('millions', values.millions),
  };
  const stores = chosen('store', values.store, STORES, (store) => store);
  const named = chosen('workload', values.only, WORKLOADS, ({ name }) => name);
  const workloads = values.only.length === 0 ? named.filter(({ quick }) => quick || !isQuick) : named;
  return { isQuick, guard, markdown, geocoding, json, stores, workloads, ...numbers };
}

/** Those whose names are given; all if none is. */
function chosen<T>(
  what: string,
  given: readonly string[],
  all: readonly T[],
  nameOf: (item: T) => string,
): readonly T[] {
  const names = all.map(nameOf);
  const unknown = given.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`there is no ${what} "${unknown}"; give one of ${names.join(', ')}`);
  return given.length === 0 ? all : all.filter((item) => given.includes(nameOf(item)));
}

function numberOf(option: string, text: string): number {
  const number = Number(text);
  if (number > 0) return number;
  throw new Error(`--${option} is "${text}"; give a number above 0`);
}
