import type { Environment } from '@marcbachmann/cel-js';
import { Duration } from '@marcbachmann/cel-js/evaluator';
import { compileOffsetAt, isTimeZone } from '../../design/time-zone.js';
import { briefJson } from '../../json/stringify-json.js';
import { ownText } from '../../own-text.js';
import { DATE_TIME_SPELLING, parseDateTime } from '../../sample/date-time.js';
import { movedBy } from '../code-points.js';
import { compileRegex, withMatcher } from '../regular-expression.js';
import { MAX_RESULT_ELEMENTS, MAX_RESULT_TEXT, textTooLong, tooManyElements } from '../result-limits.js';
import { StepError } from '../step-error.js';
import { FormulaError } from './formula-error.js';
import { meterOfFormula, spend } from './formula-work.js';

const TIMESTAMP = 'google.protobuf.Timestamp';
const DURATION = 'google.protobuf.Duration';
const MAX_SOUGHT = 1_000;
const MAX_DURATION_TEXT = 100;
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const DURATION_PART = /(\d{1,12}(?:\.\d{1,9})?)(h|ms|m|s)/y;

const GETTERS: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

/**
 * The functions of the library that formulas replace by others: the library's take time or room without bound, count UTF-16 units, depend on the server's time zone, or
 * give ints. Calls of them are renamed with an underscore, since the library lets nobody replace its own.
 */
export const REPLACED: ReadonlySet<string> = new Set([
  ...['size', 'contains', 'indexOf', 'lastIndexOf', 'substring', 'matches', 'split', 'join', 'timestamp', 'duration'],
  ...Object.keys(GETTERS),
]);

export function registerFunctions(environment: Environment): void {
  registerTexts(environment);
  registerLists(environment);
  registerDates(environment);
  registerMath(environment);
}

function registerTexts(environment: Environment): void {
  const add = (signature: string, handler: (...values: never[]) => unknown) =>
    environment.registerFunction(signature, handler, { async: false });
  const length = (text: string) => countOf(text, text.length);
  add('size_(string): double', length);
  add('string.size_(): double', length);
  add('string.contains_(string): bool', (text: string, sought: string) => text.includes(checkedSought(text, sought)));
  add('string.indexOf_(string): double', (text: string, sought: string) =>
    countOf(text, text.indexOf(checkedSought(text, sought))),
  );
  add('string.lastIndexOf_(string): double', (text: string, sought: string) =>
    countOf(text, text.lastIndexOf(checkedSought(text, sought))),
  );
  add('string.substring_(double): string', (text: string, from: number) => text.slice(unitOf(text, from)));
  add('string.substring_(double, double): string', (text: string, from: number, to: number) => {
    if (to < from) throw new FormulaError(`substring(${from}, ${to}) ends before it begins`);
    return text.slice(unitOf(text, from), unitOf(text, to));
  });
  add('string.matches_(string): bool', matches);
  add('string(google.protobuf.Timestamp): string', (date: Date) => checkedDate(date).toISOString());
}

function registerLists(environment: Environment): void {
  const add = (signature: string, handler: (...values: never[]) => unknown) =>
    environment.registerFunction(signature, handler, { async: false });
  add('size_(list): double', (list: readonly unknown[]) => list.length);
  add('list.size_(): double', (list: readonly unknown[]) => list.length);
  add('string.split_(string): list<string>', (text: string, separator: string) => {
    const sought = checkedSought(text, separator);
    const parts = sought === '' ? [...text] : text.split(sought, MAX_RESULT_ELEMENTS + 1);
    if (parts.length > MAX_RESULT_ELEMENTS) throw new FormulaError(tooManyElements().message);
    return parts;
  });
  add('list<string>.join_(): string', (list: readonly string[]) => joined(list, ''));
  add('list<string>.join_(string): string', joined);
}

function registerDates(environment: Environment): void {
  const add = (signature: string, handler: (...values: never[]) => unknown) =>
    environment.registerFunction(signature, handler, { async: false });
  for (const [name, get] of Object.entries(GETTERS)) {
    add(`${TIMESTAMP}.${name}_(): double`, get);
    add(`${TIMESTAMP}.${name}_(string): double`, (date: Date, zone: string) => get(localDate(date, zone)));
  }
  add(`${DURATION}.getHours_(): double`, (duration: Duration) => Number(duration.getHours()));
  add(`${DURATION}.getMinutes_(): double`, (duration: Duration) => Number(duration.getMinutes()));
  add(`${DURATION}.getSeconds_(): double`, (duration: Duration) => Number(duration.getSeconds()));
  add(`${DURATION}.getMilliseconds_(): double`, (duration: Duration) => Number(duration.getMilliseconds()));
  add(`timestamp_(string): ${TIMESTAMP}`, (text: string) => {
    const date = parseDateTime(text);
    if (date === null) throw new FormulaError(`${briefJson(text)} is no date; write it as ${DATE_TIME_SPELLING}`);
    return date;
  });
  add(`timestamp_(double): ${TIMESTAMP}`, (seconds: number) => checkedDate(new Date(seconds * 1000)));
  add(`duration_(string): ${DURATION}`, durationOf);
}

class MathNamespace {}

function registerMath(environment: Environment): void {
  environment.registerType('MathNamespace', MathNamespace);
  environment.registerConstant('math', 'MathNamespace', new MathNamespace());
  const unary = { abs: Math.abs, ceil: Math.ceil, floor: Math.floor, round: roundHalfAway, trunc: Math.trunc };
  for (const [name, apply] of Object.entries(unary)) {
    const handler = (_: MathNamespace, value: number) => apply(value);
    environment.registerFunction(`MathNamespace.${name}(double): double`, handler, { async: false });
  }
  for (const [name, apply] of Object.entries({ greatest: Math.max, least: Math.min })) {
    const handler = (_: MathNamespace, a: number, b: number) => apply(a, b);
    environment.registerFunction(`MathNamespace.${name}(double, double): double`, handler, { async: false });
  }
}

function roundHalfAway(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}

/** The code points before a place in UTF-16 units; -1 stays. */
function countOf(text: string, units: number): number {
  if (units < 0) return units;
  spend(units);
  let count = 0;
  for (let at = 0; at < units; at = movedBy(text, at, 1)) count += 1;
  return count;
}

/** The place of a code point in UTF-16 units. */
function unitOf(text: string, position: number): number {
  const at = Number.isInteger(position) && position >= 0 ? movedBy(text, 0, position) : -1;
  if (at < 0 || countOf(text, at) < position) {
    throw new FormulaError(`${position} is not a position in ${briefJson(text)}`);
  }
  return at;
}

/** Searching may take time in proportion to both texts, but about a tenth of what reading takes. */
function checkedSought(text: string, sought: string): string {
  spend(text.length * Math.max(1, sought.length / 10));
  if (sought.length <= MAX_SOUGHT) return sought;
  throw new FormulaError(`a text to search for has ${sought.length} characters; at most ${MAX_SOUGHT} are allowed`);
}

function matches(text: string, pattern: string): boolean {
  const regex = compileRegex(pattern);
  if (typeof regex === 'string') throw new FormulaError(`the pattern ${briefJson(pattern)} ${regex}`);
  spend(text.length * 4);
  const found = withMatcher(regex, text, meterOfFormula(), () => true);
  if (found instanceof StepError) throw new FormulaError(found.message);
  return found ?? false;
}

function joined(list: readonly string[], separator: string): string {
  let length = separator.length * Math.max(0, list.length - 1);
  for (const text of list) length += text.length;
  spend(length);
  if (length > MAX_RESULT_TEXT) throw new FormulaError(textTooLong().message);
  return list.join(separator);
}

const offsets = new Map<string, (instant: number) => number>();

/** The date whose UTC fields show what clocks in the zone show. */
function localDate(date: Date, zone: string): Date {
  let offsetAt = offsets.get(zone);
  if (!offsetAt) {
    if (!isTimeZone(zone))
      throw new FormulaError(`${briefJson(zone)} is no time zone; give a name of the IANA database`);
    if (offsets.size >= 100) offsets.clear();
    offsetAt = compileOffsetAt(zone);
    offsets.set(ownText(zone), offsetAt);
  }
  return new Date(date.getTime() + offsetAt(checkedDate(date).getTime()));
}

function checkedDate(date: Date): Date {
  const year = date.getUTCFullYear();
  if (year >= 0 && year <= 9999) return date;
  throw new FormulaError('the date is outside the years 0000 to 9999');
}

/** Reads `1h30m`, `-1.5s` or `250ms`. */
function durationOf(text: string): Duration {
  const sign = text.startsWith('-') ? -1 : 1;
  let milliseconds = 0;
  let at = sign < 0 ? 1 : 0;
  const start = at;
  while (at < text.length && text.length <= MAX_DURATION_TEXT) {
    DURATION_PART.lastIndex = at;
    const [part, amount, unit = ''] = DURATION_PART.exec(text) ?? [];
    if (part === undefined) break;
    milliseconds += Number(amount) * (UNIT_MS[unit] ?? 0);
    at += part.length;
  }
  if (at === start || at < text.length || milliseconds > Number.MAX_SAFE_INTEGER) {
    throw new FormulaError(`${briefJson(text)} is no duration; write it in h, m, s and ms, such as 1h30m or -1.5s`);
  }
  return Duration.fromMilliseconds(sign * milliseconds);
}
