import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import type { Place } from '../../domain/geolocation/address.js';
import { normalizePostalCode } from '../../domain/geolocation/postal-code.js';
import { StartupError } from '../../ports/startup-error.js';
import { ByteTable, type ByteTableData } from './byte-table.js';
import { sharedFloat32 } from './shared-memory.js';

/** So that a wrong file does not fill the memory; GeoNames' file of all countries has about 1.8 million lines. */
const MAX_POSTAL_CODES = 4_000_000;
/** In characters; a longer one is not of GeoNames' file, and could fill the memory. */
const MAX_LINE_LENGTH = 10_000;
/** How many lines are read between turns of other work. */
const LINES_OF_TURN = 5_000;

/** What postal codes consist of, in shared memory. */
export interface PostalCodesData {
  /** The day on which the file was last changed. */
  readonly version: string;
  readonly codes: ByteTableData;
  /** Latitude and longitude of each code, one after the other. */
  readonly points: Float32Array;
}

/** GeoNames' postal codes: the table `allCountries.txt` or `{country}.txt`, or the zip file that contains it. */
export class PostalCodes {
  /** How many lines a code has: it is at their middle. */
  private lines = new Uint16Array(1_024);

  private constructor(
    readonly version: string,
    private readonly codes: ByteTable,
    private points: Float32Array,
  ) {}

  static empty(version: string): PostalCodes {
    return new PostalCodes(version, ByteTable.empty(1_024, 16_384), sharedFloat32(2_048));
  }

  /** The postal codes with this data, to which none is added any more. */
  static of({ version, codes, points }: PostalCodesData): PostalCodes {
    return new PostalCodes(version, ByteTable.of(codes), points);
  }

  get data(): PostalCodesData {
    return { version: this.version, codes: this.codes.data, points: this.points };
  }

  get size(): number {
    return this.codes.size;
  }

  find(country: string, form: string): Pick<Place, 'lat' | 'lon'> | null {
    const code = this.codes.find(`${country}${form}`);
    return code < 0 ? null : { lat: rounded(this.points[code * 2]), lon: rounded(this.points[code * 2 + 1]) };
  }

  /** Adds a line: country, code, name, three divisions with their codes, latitude, longitude, accuracy. Other lines are left out. */
  add(line: string): void {
    const cells = line.split('\t');
    const [country, text, lat, lon] = [cells[0] ?? '', cells[1] ?? '', Number(cells[9]), Number(cells[10])];
    const form = normalizePostalCode(text);
    const hasPoint = Boolean(cells[9]?.trim() && cells[10]?.trim());
    const usable = hasPoint && /^[A-Z]{2}$/.test(country) && form !== '' && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
    if (!usable) return;
    const key = Buffer.from(`${country}${form}`);
    const known = this.codes.findBytes(key, key.length);
    const code = known < 0 ? this.codes.add(key, 0, key.length) : known;
    if (code >= this.lines.length) this.grow();
    const count = this.lines[code] ?? 0;
    if (count === 0xffff) return;
    this.lines[code] = count + 1;
    this.points[code * 2] = ((this.points[code * 2] ?? 0) * count + lat) / (count + 1);
    this.points[code * 2 + 1] = ((this.points[code * 2 + 1] ?? 0) * count + lon) / (count + 1);
  }

  private grow(): void {
    const [points, lines] = [sharedFloat32(this.points.length * 2), new Uint16Array(this.lines.length * 2)];
    points.set(this.points);
    lines.set(this.lines);
    this.points = points;
    this.lines = lines;
  }
}

/** Four decimals are about 10 m, as much as the file and 32 bits give. */
const rounded = (degrees: number | undefined) => Math.round((degrees ?? 0) * 10_000) / 10_000;

/** Checks that the file can be read and begins with postal codes, so that a wrong file stops the start and no job. Throws StartupError. */
export async function checkPostalCodes(file: string): Promise<void> {
  try {
    await read(file, LINES_OF_TURN);
  } catch (error) {
    throw new StartupError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Reads the file line by line. Throws if it cannot be read, has no postal code, or has too many. */
export function readPostalCodes(file: string): Promise<PostalCodes> {
  return read(file, Number.POSITIVE_INFINITY);
}

async function read(file: string, maxLines: number): Promise<PostalCodes> {
  let content: Readable | undefined;
  try {
    const codes = PostalCodes.empty((await stat(file)).mtime.toISOString().slice(0, 10));
    content = await contentOf(file);
    let lines = 0;
    for await (const line of linesOf(content)) {
      codes.add(line);
      lines += 1;
      if (lines >= maxLines) break;
      if (codes.size > MAX_POSTAL_CODES) throw new Error(`it has more than ${MAX_POSTAL_CODES} postal codes`);
      if (lines % LINES_OF_TURN === 0) await nextTurn();
    }
    if (codes.size === 0) throw new Error("no line has the form of GeoNames' postal codes");
    return codes;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = "give GeoNames' allCountries.txt of postal codes, or the zip file that contains it";
    throw new Error(`SLUICE_POSTAL_CODES: ${file} cannot be used: ${reason}; ${hint}`, { cause: error });
  } finally {
    content?.destroy();
  }
}

/** The lines of a text, without a byte order mark. Unlike readline, it throws what the stream throws, and bounds the length of a line. */
async function* linesOf(content: Readable): AsyncGenerator<string> {
  let rest = '';
  let isFirst = true;
  content.setEncoding('utf8');
  for await (const chunk of content) {
    const text = isFirst ? String(chunk).replace(/^\ufeff/, '') : String(chunk);
    isFirst = false;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MAX_LINE_LENGTH) throw new Error(`it has a line of more than ${MAX_LINE_LENGTH} characters`);
  }
  yield rest;
}

async function contentOf(file: string): Promise<Readable> {
  return (await isZip(file)) ? contentOfZip(file) : createReadStream(file);
}

async function isZip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.toString('latin1') === 'PK';
  } finally {
    await handle.close();
  }
}

/** The first table in the zip file that is not its description. */
async function contentOfZip(file: string): Promise<Readable> {
  const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(file, { lazyEntries: true });
  return new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => reject(new Error('it contains no table')));
    zip.on('entry', (entry: yauzl.Entry) => {
      if (!/\.txt$/i.test(entry.fileName) || /readme/i.test(entry.fileName)) zip.readEntry();
      else zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
    });
    zip.readEntry();
  });
}
