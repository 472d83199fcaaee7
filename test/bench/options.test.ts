import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommanderError } from 'commander';
import { commandLine, type Options, readOptions } from '../../bench/options.js';

/** Reads these arguments; what the command line prints is thrown, with its exit code. */
function read(line: string): Options {
  let printed = '';
  const print = (text: string) => {
    printed += text;
  };
  const command = commandLine()
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: print, getOutHelpWidth: () => 120 });
  try {
    return readOptions(line.split(' ').filter(Boolean), command);
  } catch (error) {
    throw new Error(`${(error as CommanderError).exitCode}: ${printed}`, { cause: error });
  }
}

const refusal = (line: string) => {
  try {
    return JSON.stringify(read(line));
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the options of the benchmark', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-options-'));
    writeFileSync(join(folder, 'file'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('run all workloads on all stores if none is named', () => {
    const { workloads, stores, areStoresNamed, rounds, minutes, millions, json } = read('');
    expect(workloads.map(({ name }) => name)).toEqual(expect.arrayContaining(['idle', 'memory']));
    expect(stores).toEqual(['mongodb', 'elasticsearch']);
    expect({ areStoresNamed, rounds, minutes, millions, json }).toEqual({
      areStoresNamed: false,
      rounds: 5,
      minutes: 5,
      millions: 5,
      json: 'bench-results.json',
    });
  });

  it('leave out the long workloads with --quick, unless they are named', () => {
    const names = (line: string) => read(line).workloads.map(({ name }) => name);
    expect(names('--quick')).toContain('page');
    expect(names('--quick')).not.toContain('memory');
    expect(names('--quick --only memory --only page')).toEqual(['page', 'memory']);
    expect(read('--quick').rounds).toBe(3);
  });

  it('take a store once, however often it is named', () => {
    const { stores, areStoresNamed } = read('--store mongodb --store mongodb');
    expect({ stores, areStoresNamed }).toEqual({ stores: ['mongodb'], areStoresNamed: true });
  });

  it('take numbers, and a file in a folder that exists', () => {
    const { rounds, minutes, json } = read(`--rounds 9 --minutes 0.5 --json ${folder}/new.json`);
    expect({ rounds, minutes, json }).toEqual({ rounds: 9, minutes: 0.5, json: `${folder}/new.json` });
  });

  it.each([
    ['--fast', "unknown option '--fast'"],
    ['page', 'too many arguments'],
    ['--only pages', "'pages' is invalid. Allowed choices are idle, page,"],
    ['--store mysql', "'mysql' is invalid. Allowed choices are mongodb, elasticsearch."],
    ['--only', 'argument missing'],
    ['--rounds 0', 'Give a whole number from 1.'],
    ['--rounds 2.5', 'Give a whole number from 1.'],
    ['--rounds -1', 'Give a whole number from 1.'],
    ['--rounds Infinity', 'Give a whole number from 1.'],
    ['--minutes 0', 'Give a number above 0.'],
    ['--millions many', 'Give a number above 0.'],
    [
      '--only singles --store elasticsearch',
      'no row would be measured with --store elasticsearch: singles runs only on',
    ],
    ['--json FOLDER', 'It is a folder; give a file.'],
    ['--json FOLDER/none/new.json', 'none; create it first.'],
    ['--json FOLDER/file/new.json', 'file; create it first.'],
  ])('are refused in one line with a hint: %s', (line, reason) => {
    const [first, hint, ...others] = refusal(line.replace('FOLDER', folder)).split('\n');
    expect(first).toContain(`1: error: `);
    expect(first).toContain(reason);
    expect([hint, ...others]).toEqual(['npm run bench -- --help shows the options', '']);
  });

  it('are all shown by --help, with their values and defaults', () => {
    const help = refusal('--help');
    expect(help).toContain('0: Usage: npm run bench -- [options]');
    for (const { flags } of commandLine().options) expect(help).toContain(flags);
    expect(help.replaceAll(/\s+/g, ' ')).toContain('choices: "mongodb", "elasticsearch"');
    expect(help).toContain('"bench-results.json"');
  });
});
