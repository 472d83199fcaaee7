import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** The names by which code gets at rows without a caller. */
const UNFILTERED = /\b(RowQueries|RecordStore|StoredRows|new CallerRows)\b/;

const sourcesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => join(folder, file));

describe('the queries of rows without a caller', () => {
  it('are known in one place, which gives readers only what their callers see', () => {
    const files = [...sourcesIn('src/usecases'), ...sourcesIn('src/edge')];
    expect(files.filter((file) => UNFILTERED.test(readFileSync(file, 'utf8')))).toEqual([
      'src/usecases/record-reader.ts',
      'src/usecases/visible-rows.ts',
    ]);
  });
});
