import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createBrotliDecompress } from 'node:zlib';
import type { NamedCountry } from '../../domain/geolocation/gazetteer.js';
import { ByteTable, type ByteTableData } from './byte-table.js';
import {
  type CountryIndex,
  FileGazetteer,
  type GazetteerColumns,
  type NameIndex,
  type RegionIndex,
} from './file-gazetteer.js';
import {
  type CountryEntry,
  FORMAT,
  LINE_FEED,
  type PlacesHeader,
  type RegionEntry,
  SECTIONS,
  type Section,
} from './places-file.js';
import { asBuffer, sharedBytesOf, sharedUint16, sharedUint32 } from './shared-memory.js';
import { stepsInTurns } from './turns.js';

/** The same path from `src` and from `dist`. */
const PLACES_FILE = new URL('../../../geodata/places.bin', import.meta.url);

/** The average length of a name in bytes is below this; the table grows if not. */
const BYTES_OF_NAME = 16;
/** How many lines of JSON are parsed between looks at the clock. */
const STEPS_OF_LINES = 50;

/** The places of the file in shared memory, of which every thread makes a gazetteer. */
export interface PlacesData {
  readonly version: string;
  readonly columns: GazetteerColumns;
  readonly names: ByteTableData;
  readonly postings: Omit<NameIndex, 'names'>;
  /** These sections of the file. */
  readonly regions: Uint8Array;
  readonly countries: Uint8Array;
}

/** Reads the file of places. The file is decompressed in a thread of its own, and the index is made in turns of a few milliseconds. Throws if the file is of another version. */
export async function readPlaces(file = PLACES_FILE): Promise<PlacesData> {
  const { header, sections } = await readSections(file);
  const columns: GazetteerColumns = {
    latitudes: await readPlanes(sections.latitudes, sharedUint32(header.places), 3),
    longitudes: await readPlanes(sections.longitudes, sharedUint32(header.places), 3),
    populations: await readNumbers(sections.populations, header.places),
    countries: sharedBytesOf(sections.countriesOfPlaces),
    regions: await readPlanes(sections.regionsOfPlaces, sharedUint16(header.places), 2),
    districts: await readPlanes(sections.districtsOfPlaces, sharedUint16(header.places), 2),
    placeNames: sharedBytesOf(sections.placeNames),
    nameStarts: await lineStarts(sections.placeNames, header.places),
  };
  return {
    version: header.version,
    columns,
    names: (await readNames(sections.names, header.names)).data,
    postings: await readPostings(sections.postings, header),
    regions: sharedBytesOf(sections.regions),
    countries: sharedBytesOf(sections.countries),
  };
}

/** The gazetteer with this data, made in turns of a few milliseconds. */
export async function gazetteerOf({
  version,
  columns,
  names,
  postings,
  ...sections
}: PlacesData): Promise<FileGazetteer> {
  const regions = await readRegions(asBuffer(sections.regions));
  const countries = await readCountries(asBuffer(sections.countries));
  return new FileGazetteer(version, columns, { names: ByteTable.of(names), ...postings }, regions, countries);
}

async function readSections(file: URL): Promise<{ header: PlacesHeader; sections: Record<Section, Buffer> }> {
  const packed = await readFile(file);
  const end = packed.indexOf(LINE_FEED);
  const header = JSON.parse(packed.toString('utf8', 0, end)) as PlacesHeader;
  if (header.format !== FORMAT) {
    throw new Error(`${file.pathname} has format ${header.format}, and ${FORMAT} is needed; run npm run geonames`);
  }
  const content = Buffer.alloc(SECTIONS.reduce((sum, section) => sum + header.sections[section], 0));
  let filled = 0;
  // Through a stream into one buffer of the right size: to decompress at once takes twice the memory.
  for await (const chunk of Readable.from([packed.subarray(end + 1)]).pipe(createBrotliDecompress())) {
    filled += (chunk as Buffer).copy(content, filled);
  }
  if (filled !== content.length) throw new Error(`${file.pathname} is cut; run npm run geonames`);
  let start = 0;
  const sections = SECTIONS.map((section) => {
    const from = start;
    start += header.sections[section];
    return [section, content.subarray(from, start)];
  });
  return { header, sections: Object.fromEntries(sections) };
}

async function readPlanes<T extends Uint32Array | Uint16Array>(source: Buffer, target: T, bytes: number): Promise<T> {
  await stepsInTurns(target.length, (index) => {
    let value = 0;
    for (let plane = 0; plane < bytes; plane += 1) value |= (source[plane * target.length + index] ?? 0) << (8 * plane);
    target[index] = value;
  });
  return target;
}

async function readNumbers(source: Buffer, count: number): Promise<Uint32Array> {
  const target = sharedUint32(count);
  const numbers = new Varints(source);
  await stepsInTurns(count, (index) => {
    target[index] = numbers.next();
  });
  return target;
}

/** Where each line begins; one more for the end of the last one. */
async function lineStarts(source: Buffer, count: number): Promise<Uint32Array> {
  const starts = sharedUint32(count + 1);
  await stepsInTurns(count, (line) => {
    const end = source.indexOf(LINE_FEED, starts[line]);
    starts[line + 1] = (end < 0 ? source.length : end) + 1;
  });
  return starts;
}

/** Takes each line out of the section by itself: to split megabytes of text at once would keep other work waiting. */
async function readLines<T>(source: Buffer, take: (entry: T, index: number) => void): Promise<void> {
  let lines = 1;
  for (let at = source.indexOf(LINE_FEED); at >= 0; at = source.indexOf(LINE_FEED, at + 1)) lines += 1;
  const starts = await lineStarts(source, lines);
  const lineAt = (index: number) => source.toString('utf8', starts[index], (starts[index + 1] ?? 0) - 1);
  await stepsInTurns(lines, (index) => take(JSON.parse(lineAt(index)) as T, index), STEPS_OF_LINES);
}

async function readRegions(source: Buffer): Promise<RegionIndex> {
  const entries: RegionIndex['entries'][number][] = [];
  const names = new Map<string, number[]>();
  await readLines<RegionEntry>(source, ({ names: own, ...entry }, region) => {
    entries.push(entry);
    for (const name of own) addTo(names, name, region);
  });
  const lists = [...names.values()].filter((list) => list.length > 1);
  await stepsInTurns(lists.length, (index) => {
    lists[index]?.sort((a, b) => (entries[b]?.population ?? 0) - (entries[a]?.population ?? 0));
  });
  return { entries, names };
}

async function readCountries(source: Buffer): Promise<CountryIndex> {
  const entries: CountryIndex['entries'][number][] = [];
  const names = new Map<string, NamedCountry[]>();
  await readLines<CountryEntry>(source, ({ names: own, parts, ...entry }, country) => {
    entries.push(entry);
    for (const name of own) addTo(names, name, { country, region: null });
    for (const { region, names: ofPart } of parts) for (const name of ofPart) addTo(names, name, { country, region });
  });
  return { entries, names };
}

function addTo<T>(map: Map<string, T[]>, name: string, item: T): void {
  const list = map.get(name);
  if (list) list.push(item);
  else map.set(name, [item]);
}

async function readNames(source: Buffer, count: number): Promise<ByteTable> {
  const table = ByteTable.empty(count, count * BYTES_OF_NAME);
  const name = Buffer.alloc(1_024);
  let at = 0;
  await stepsInTurns(count, () => {
    let length = source[at] ?? 0;
    for (at += 1; source[at] !== LINE_FEED; at += 1) {
      name[length] = source[at] ?? 0;
      length += 1;
    }
    at += 1;
    table.add(name, 0, length);
  });
  return table;
}

async function readPostings(source: Buffer, { names, postings }: PlacesHeader) {
  const cities = sharedUint32(postings);
  const starts = sharedUint32(names + 1);
  const numbers = new Varints(source);
  let name = 0;
  await stepsInTurns(postings, (index) => {
    const posting = numbers.next();
    cities[index] = posting >>> 1;
    if ((posting & 1) === 0) return;
    name += 1;
    starts[name] = index + 1;
  });
  return { cities, starts };
}

class Varints {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  next(): number {
    let value = 0;
    for (let shift = 1; ; shift *= 0x80) {
      const byte = this.bytes[this.at] ?? 0;
      this.at += 1;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  }
}
