import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { locate } from '../../domain/geolocation/locate.js';
import type { FileGazetteer } from './file-gazetteer.js';
import { gazetteerOf, readPlaces } from './load-gazetteer.js';
import { readPostalCodes } from './postal-codes.js';

/** In the form of GeoNames' table; the second line of a code is another place of it. */
const LINES = [
  line('DE', '10115', 52.5323, 13.3846),
  line('DE', '04109', 51.3402, 12.3713),
  line('FR', '10115', 48.3, 4.08),
  line('GB', 'SW1A', 51.5, -0.14),
  line('US', '02138', 42.3, -71.1),
  line('US', '02138', 42.4, -71.2),
  line('US', 'broken', 142, -71.2),
  'no table',
].join('\r\n');

let folder: string;
let gazetteer: FileGazetteer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-postal-codes-'));
  const codes = await readPostalCodes(await written('allCountries.txt', LINES));
  gazetteer = (await gazetteerOf(await readPlaces())).withPostalCodes(codes);
});
afterAll(() => rm(folder, { recursive: true }));

function line(country: string, code: string, lat: number, lon: number): string {
  return [country, code, 'Name', 'First', '01', '', '', '', '', lat, lon, 4].join('\t');
}

async function written(name: string, content: string | Buffer): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

const place = (address: object) => locate(gazetteer, address).place;

describe('postal codes', () => {
  it('give their point in the given country', () => {
    expect(place({ postalCode: '10115', country: 'Germany' })).toMatchObject({
      lat: 52.5323,
      lon: 13.3846,
      name: '10115',
      precision: 'POSTAL_CODE',
    });
    expect(place({ postalCode: '10115', country: 'FR' })).toMatchObject({ lat: 48.3, country: 'FR' });
    expect(place({ postalCode: 'sw1a 1aa', country: 'UK' })).toMatchObject({ lat: 51.5, name: 'SW1A' });
  });

  it('are in the middle of their places', () => {
    expect(place({ postalCode: '02138', country: 'US' })).toMatchObject({ lat: 42.35, lon: -71.15 });
  });

  it('take the country from the region or the city, and count for nothing without one', () => {
    expect(place({ postalCode: '10115', region: 'DE-BE' })).toMatchObject({ precision: 'POSTAL_CODE' });
    expect(place({ postalCode: '10115', city: 'Berlin' })).toMatchObject({ lat: 52.5323, precision: 'POSTAL_CODE' });
    expect(locate(gazetteer, { postalCode: '10115' })).toEqual({ place: null, reason: 'UNKNOWN_POSTAL_CODE' });
  });

  it('that are unknown leave the city', () => {
    expect(place({ postalCode: '99999', city: 'Berlin', country: 'DE' })).toMatchObject({
      name: 'Berlin',
      precision: 'CITY',
    });
  });

  it('that are far from the city contradict it, unless the data does not have the city', () => {
    const far = locate(gazetteer, { postalCode: '10115', city: 'Munich', country: 'DE' });
    expect(far).toEqual({ place: null, reason: 'CONTRADICTION' });
    expect(place({ postalCode: '04109', city: 'Nowhere an der Saale', country: 'DE' })).toMatchObject({ lat: 51.3402 });
  });

  it('come from a zip file too, whose description is not read', async () => {
    const zip = zipOf({ 'readme.txt': line('DE', '10115', 1, 1), 'allCountries.txt': LINES });
    const codes = await readPostalCodes(await written('allCountries.zip', zip));
    expect(codes.size).toBe(5);
    expect(codes.find('DE', '10115')).toEqual({ lat: 52.5323, lon: 13.3846 });
  });

  it('are many without being lost', async () => {
    const many = Array.from({ length: 20_000 }, (_, n) => line('DE', `${10_000 + n}`, 50 + n / 10_000, 10));
    const codes = await readPostalCodes(await written('many.txt', many.join('\n')));
    expect(codes.size).toBe(20_000);
    expect(codes.find('DE', '29999')).toEqual({ lat: 51.9999, lon: 10 });
    expect(codes.find('DE', '10000')).toEqual({ lat: 50, lon: 10 });
  });

  it('come from a file with a byte order mark, and not from lines with a blank coordinate', async () => {
    const lines = [
      line('DE', '1', 50, 10),
      line('DE', '2', 51, 11),
      line('DE', '3', 0, 0).replace('\t0\t0\t', '\t \t \t'),
    ];
    const codes = await readPostalCodes(await written('marked.txt', `\ufeff${lines.join('\n')}`));
    expect(codes.size).toBe(2);
    expect(codes.find('DE', '1')).toEqual({ lat: 50, lon: 10 });
  });

  it.each([
    [
      'missing.txt',
      null,
      /SLUICE_POSTAL_CODES: .*missing\.txt cannot be used: .*ENOENT.*; give GeoNames' allCountries\.txt/,
    ],
    ['other.txt', 'name,lat\nBerlin,52\n', /other\.txt cannot be used: no line has the form/],
    [
      'one-line.txt',
      `${line('DE', '1', 50, 10)}\n${'x'.repeat(20_000_000)}`,
      /has a line of more than 10000 characters/,
    ],
    ['broken.zip', brokenZip(), /broken\.zip cannot be used: .*; give GeoNames/],
    ['empty.zip', zipOf({ 'data.csv': 'x' }), /empty\.zip cannot be used: it contains no table/],
  ])('cannot come from %s, and the error says why', async (name, content, message) => {
    const file = content === null ? join(folder, name) : await written(name, content);
    await expect(readPostalCodes(file)).rejects.toThrow(message);
  });
});

/** A zip file whose entry says that it is deflated, and is not. */
function brokenZip(): Buffer {
  const zip = zipOf({ 'DE.txt': line('DE', '1', 50, 10) });
  zip.writeUInt16LE(8, 8);
  zip.writeUInt16LE(8, zip.indexOf('PK\x01\x02') + 10);
  return zip;
}

/** A zip file of these files, without compression. */
function zipOf(files: Readonly<Record<string, string>>): Buffer {
  let offset = 0;
  const entries = Object.entries(files).map(([name, text]) => {
    const content = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), content]);
    const at = Buffer.alloc(14);
    at.writeUInt32LE(offset, 10);
    offset += local.length;
    const central = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, at, Buffer.from(name)]);
    return { local, central };
  });
  const centrals = Buffer.concat(entries.map(({ central }) => central));
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(centrals.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...entries.map(({ local }) => local), centrals, Buffer.from('PK\x05\x06'), end]);
}
