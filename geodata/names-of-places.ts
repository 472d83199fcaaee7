import { normalizeName } from '../src/domain/geolocation/normalize-name.js';
import type { SourcePlace } from './read-places.js';

/** How much a match by a name counts, times the population. */
const MAIN_NAME = 1;
const OTHER_NAME = 0.25;
/** Codes of airports and the like: `PAR`, `NYC`, `LA`. */
const SHORT_CODE = 0.1;
/** A part of a place, and a place that is gone or left. */
const WEIGHT_OF_FEATURE: Readonly<Record<string, number>> = {
  PPLX: 0.5,
  PPLH: 0.1,
  PPLCH: 0.1,
  PPLQ: 0.1,
  PPLW: 0.1,
};
/** Places without a population are at least seats of an administration. */
const LEAST_POPULATION = 100;

/** The names that a place is found by, in the form of `normalizeName`, each with its weight among places of the same name. */
export function namesOfPlace(place: SourcePlace): Map<string, number> {
  const found = new Map<string, number>();
  const size = Math.max(place.population, LEAST_POPULATION) * (WEIGHT_OF_FEATURE[place.feature] ?? 1);
  const add = (text: string, share: number) => {
    for (const form of [text, germanForm(text)]) {
      const name = normalizeName(form);
      if (name !== '' && name.length <= 80) found.set(name, Math.max(found.get(name) ?? 0, size * share));
    }
  };
  add(place.name, MAIN_NAME);
  for (const name of place.alternates) {
    if (isName(name)) add(name, /^[A-Z]{1,3}$/.test(name) ? SHORT_CODE : OTHER_NAME);
  }
  return found;
}

/** Without what GeoNames transliterates letter by letter from other scripts (`ba li` for Paris, which would be Bali), pronunciations and links. */
function isName(name: string): boolean {
  return !/^[ -@[-~]+$/.test(name) && !/[[\]/]|^https?:/.test(name);
}

/** Umlauts as two letters, as German, Danish and Swedish names are often written. */
function germanForm(text: string): string {
  return text.normalize('NFC').replace(/[äöüåøÄÖÜÅØ]/g, (letter) => TWO_LETTERS[letter.toLowerCase()] ?? letter);
}

const TWO_LETTERS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' };
