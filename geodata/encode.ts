import {
  DEGREE,
  FORMAT,
  LINE_FEED,
  MAX_SHARED,
  type PlacesHeader,
  SECTIONS,
  type Section,
} from '../src/adapters/geocoding/places-file.js';
import type { SourcePlace } from './read-places.js';

/** The header, and the sections to be compressed. */
export function fileOf(
  header: Omit<PlacesHeader, 'format' | 'sections'>,
  sections: Readonly<Record<Section, Buffer>>,
): { header: Buffer; content: Buffer } {
  const lengths = Object.fromEntries(SECTIONS.map((section) => [section, sections[section].length]));
  const line = JSON.stringify({ format: FORMAT, ...header, sections: lengths });
  return { header: Buffer.from(`${line}\n`), content: Buffer.concat(SECTIONS.map((section) => sections[section])) };
}

export function positions(places: readonly SourcePlace[]): Pick<Record<Section, Buffer>, 'latitudes' | 'longitudes'> {
  return {
    latitudes: planes(
      places.map(({ lat }) => Math.round((lat + 90) * DEGREE)),
      3,
    ),
    longitudes: planes(
      places.map(({ lon }) => Math.round((lon + 180) * DEGREE)),
      3,
    ),
  };
}

/** The low bytes of all numbers, then the next ones. */
export function planes(numbers: readonly number[], bytes: number): Buffer {
  const encoded = Buffer.alloc(numbers.length * bytes);
  for (const [index, number] of numbers.entries()) {
    for (let plane = 0; plane < bytes; plane += 1) {
      encoded[plane * numbers.length + index] = (number >>> (8 * plane)) & 0xff;
    }
  }
  return encoded;
}

/** Seven bits a byte, the lowest first; every byte but the last has the eighth bit. */
export function varints(numbers: Iterable<number>): Buffer {
  const bytes: number[] = [];
  for (const number of numbers) {
    let rest = number;
    while (rest > 0x7f) {
      bytes.push((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    bytes.push(rest);
  }
  return Buffer.from(bytes);
}

/** Sorted names, without the bytes that each shares with the one before. */
export function frontCoded(names: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [];
  let before = Buffer.alloc(0);
  for (const name of names) {
    let shared = 0;
    while (shared < MAX_SHARED && shared < before.length && before[shared] === name[shared]) shared += 1;
    parts.push(Buffer.from([shared]), name.subarray(shared), Buffer.from([LINE_FEED]));
    before = Buffer.from(name);
  }
  return Buffer.concat(parts);
}

/** A line of JSON for each entry, so that a reader can parse a few at a time. */
export function jsonLines(entries: readonly object[]): Buffer {
  return Buffer.from(entries.map((entry) => JSON.stringify(entry)).join('\n'));
}
