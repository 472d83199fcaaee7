import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compiled, faultsOf, resultOf } from '../../../../test/support/steps.js';
import type { StoredValue } from '../../design/stored-value.js';
import type { Step } from '../step-kinds.js';

const convert = (kind: 'toNumber' | 'toBoolean', column = 'text'): Step => ({ kind, settings: { column } });
const toDate = (format?: string, timeZone?: string, column = 'text'): Step => ({
  kind: 'toDate',
  settings: { column, ...(format !== undefined && { format }), ...(timeZone !== undefined && { timeZone }) },
});
const toText = (column: string, format?: string, timeZone?: string): Step => ({
  kind: 'toText',
  settings: { column, ...(format !== undefined && { format }), ...(timeZone !== undefined && { timeZone }) },
});

describe('toNumber', () => {
  it.each<[string, unknown]>([
    ['12', 12],
    [' -1.50 ', -1.5],
    ['+.5', 0.5],
    ['1.5e3', 1500],
    ['', null],
    [' \t', null],
    ['1,5', '"1,5" is not a number; write it as -1234.5 or 1.5e3'],
    ['١٢', '"١٢" is not a number; write it as -1234.5 or 1.5e3'],
    ['0x10', '"0x10" is not a number; write it as -1234.5 or 1.5e3'],
    ['Infinity', '"Infinity" is not a number; write it as -1234.5 or 1.5e3'],
    ['9007199254740993', '"9007199254740993" has more digits than a number keeps'],
  ])('of the text %j is %j', (text, expected) => {
    expect(resultOf(convert('toNumber'), { text })).toEqual(expected);
  });

  it('takes booleans and numbers, and gives null for null', () => {
    expect(resultOf(convert('toNumber', 'yes'), { yes: true })).toBe(1);
    expect(resultOf(convert('toNumber', 'yes'), { yes: false })).toBe(0);
    expect(resultOf(convert('toNumber', 'n'), { n: 1.5 })).toBe(1.5);
    expect(resultOf(convert('toNumber'), {})).toBeNull();
    expect(faultsOf(convert('toNumber', 'from'))).toEqual([expect.stringContaining('the column is DATETIME')]);
  });

  it('reads back what toText writes', () => {
    const [write, read] = [compiled(toText('n')), compiled(convert('toNumber'))];
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
        const text = String(write({ n }));
        expect(read({ text })).toBe(n === 0 ? 0 : n);
      }),
    );
  });
});

describe('toBoolean', () => {
  it.each<[Record<string, StoredValue>, string, unknown]>([
    [{ text: 'Yes' }, 'text', true],
    [{ text: ' off ' }, 'text', false],
    [{ text: '' }, 'text', null],
    [{ text: 'ja' }, 'text', expect.stringContaining('"ja" is neither true nor false; give true, t, yes')],
    [{ n: 1 }, 'n', true],
    [{ n: 2 }, 'n', expect.stringContaining('2 is neither true nor false')],
    [{ yes: false }, 'yes', false],
    [{}, 'text', null],
  ])('of %j is right', (values, column, expected) => {
    expect(resultOf(convert('toBoolean', column), values)).toEqual(expected);
  });
});

describe('toDate', () => {
  it.each<[Step, Record<string, StoredValue>, unknown]>([
    [toDate(), { text: '2024-05-31T10:00+02:00' }, new Date('2024-05-31T08:00:00Z')],
    [toDate('DD.MM.YYYY HH:mm', 'Europe/Berlin'), { text: '31.05.2024 10:00' }, new Date('2024-05-31T08:00:00Z')],
    [toDate('EPOCH_SECONDS', undefined, 'n'), { n: 1.5 }, new Date(1500)],
    [toDate('MM/DD/YYYY'), { text: '2/3/2024' }, '"2/3/2024" is not a date; write it as MM/DD/YYYY'],
    [toDate(), { text: '2024-02-30' }, expect.stringContaining('"2024-02-30" is not a date; write it as YYYY-MM-DD')],
    [toDate(), { text: '' }, null],
    [toDate(), {}, null],
  ])('%j reads %j', (step, values, expected) => {
    expect(resultOf(step, values)).toEqual(expected);
  });

  it.each<[Step, string]>([
    [toDate('YYYY'), 'format is "YYYY": it lacks year, month or day'],
    [toDate('DD.MM.YYYY', 'Mars/Base'), 'timeZone is "Mars/Base"; give a name of the IANA database, such as Europe'],
    [toDate('RFC_2822', 'UTC'), 'timeZone is "UTC", and dates by RFC_2822 need none; leave it out'],
    [toDate('YYYY-MM-DD', undefined, 'n'), 'format is "YYYY-MM-DD"; a number becomes a date by EPOCH_SECONDS'],
    [toDate(undefined, undefined, 'n'), 'a number becomes a date by EPOCH_SECONDS'],
    [toDate(undefined, undefined, 'yes'), 'the column is BOOLEAN; the step takes TEXT, NUMERIC'],
  ])('%j is refused', (step, fault) => {
    expect(faultsOf(step)).toEqual([expect.stringContaining(fault)]);
  });

  it('reads back what toText writes in the same format and zone', () => {
    const format = 'dddd, DD MMMM YYYY hh:mm:ss.SSS A Z';
    const dates = fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true });
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns');
    fc.assert(
      fc.property(dates, zones, (from, zone) => {
        // Before 1900, offsets had seconds, which Z does not write.
        fc.pre(zone === 'UTC' || from.getUTCFullYear() > 1950);
        const text = String(resultOf(toText('from', format, zone), { from }));
        expect(resultOf(toDate(format), { text })).toEqual(from);
      }),
    );
  });
});

describe('toText', () => {
  const from = new Date('2024-03-31T00:59:59.007Z');

  it.each<[string, string | undefined, string | undefined, StoredValue, string]>([
    ['n', undefined, undefined, 1e21, '1e+21'],
    ['n', undefined, undefined, -0.5, '-0.5'],
    ['n', '0.00', undefined, 1.005, '1.01'],
    ['n', '0.00', undefined, -0.001, '0.00'],
    ['n', '#,##0.00', undefined, -1234567.891, '-1,234,567.89'],
    ['n', '000', undefined, 7, '007'],
    ['n', '0.##', undefined, 2.5, '2.5'],
    ['n', '0.0#%', undefined, 0.12345, '12.35%'],
    ['yes', undefined, undefined, true, 'true'],
    ['text', undefined, undefined, 'Zoë 🙂', 'Zoë 🙂'],
    ['from', undefined, undefined, from, '2024-03-31T00:59:59.007Z'],
    ['from', 'YYYY-MM-DDTHH:mm:ss.SSSZ', undefined, from, '2024-03-31T00:59:59.007+00:00'],
    ['from', 'D.M.YY H:m:s', 'Europe/Berlin', from, '31.3.24 1:59:59'],
    ['from', 'HH:mm Z', 'Europe/Berlin', new Date('2024-03-31T01:00:00Z'), '03:00 +02:00'],
    ['from', 'HH:mm Z', 'America/St_Johns', from, '22:29 -02:30'],
    ['from', 'ddd, MMM D [at] h A', undefined, from, 'Sun, Mar 31 at 12 AM'],
    ['from', 'MMMM YYYY', undefined, from, 'March 2024'],
    ['texts', undefined, undefined, ['a', null, '"'], '["a",null,"\\""]'],
    ['numbers', undefined, undefined, [1.5, null], '[1.5,null]'],
  ])('of %s by %s in %s is right', (column, format, zone, value, expected) => {
    expect(resultOf(toText(column, format, zone), { [column]: value })).toBe(expected);
    expect(resultOf(toText(column, format, zone), {})).toBeNull();
  });

  it('gives an error for a text of more than 1,000,000 characters', () => {
    expect(resultOf(toText('text'), { text: 'x'.repeat(1_000_000) })).toHaveLength(1_000_000);
    expect(resultOf(toText('text'), { text: 'x'.repeat(1_000_001) })).toMatch(/more than 1000000 characters/);
  });

  it.each<[Step, string]>([
    [toText('n', '0,00'), 'format is "0,00"; give a format for numbers such as 0.00, #,##0.00, 0.## or 0%'],
    [toText('n', `0.${'#'.repeat(21)}`), 'give a format for numbers'],
    [toText('n', undefined, 'UTC'), 'timeZone is "UTC"; it is for a DATETIME column with a format'],
    [toText('from', 'YYYY-MM-DD hh:nn'), 'it holds "nn", which is not a token'],
    [toText('from', ''), 'format is "": it is empty'],
    [toText('yes', '0'), 'it is for NUMERIC and DATETIME columns, and this one is BOOLEAN'],
  ])('%j is refused', (step, fault) => {
    expect(faultsOf(step)).toEqual([expect.stringContaining(fault)]);
  });
});
