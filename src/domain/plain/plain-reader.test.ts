import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Shaping, shapedDesign } from '../../../test/support/shaped-records.js';
import { CompiledDesign } from '../design/compiled-design.js';
import type { ColumnPatch } from '../design/edit-design.js';
import type { JsonObject } from '../json/json-value.js';
import { parseKeptJson } from '../json/parse-json.js';
import { inferFields } from '../sample/infer-fields.js';
import { PlainPayload } from './plain-payload.js';
import { NOT_PLAIN } from './plain-value.js';

const SAMPLE = { text: 'x', number: 1.5, flag: true, at: '2024-02-29T12:00:00Z', inner: { tags: ['a'], city: 'x' } };
const UPPERCASE: Shaping = { step: { kind: 'uppercase', settings: { column: 'text' } }, output: { create: 'upper' } };
const REMOVE: Shaping = { step: { kind: 'removeColumn', settings: { column: 'text' } } };

function designOf(steps: readonly Shaping[], columns: readonly ColumnPatch[] = [], sample: JsonObject = SAMPLE) {
  return new CompiledDesign({ design: shapedDesign(sample, steps, columns), fields: inferFields(sample) });
}

const text = fc.stringMatching(/^[ -!#-[\]-~é語😀]{0,20}$/u);
const ascii = fc.stringMatching(/^[ -!#-[\]-~]{0,40}$/);
const record = fc.record({
  text: fc.option(fc.oneof(ascii, text)),
  number: fc.option(fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 100)),
  flag: fc.option(fc.boolean()),
  at: fc.option(fc.constantFrom('2024-02-29', '1969-12-31T23:59:59.999Z', '2100-02-28T01:02:03')),
  inner: fc.option(fc.record({ tags: fc.array(ascii, { minLength: 1, maxLength: 3 }), city: fc.option(ascii) })),
});

describe('the values of plain records for steps', () => {
  it.each([
    ['a created column', [UPPERCASE]],
    ['a removed column', [UPPERCASE, REMOVE]],
  ])('are those that a conversion gives, under a design with %s', (_, steps) => {
    const design = designOf(steps);
    const { readLayout, plainReader } = design;
    if (!readLayout) throw new Error('the design has plain records');
    expect(design.plainLayout).toBeNull();
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 10 }), (records) => {
        const payload = new PlainPayload(readLayout, Buffer.from(JSON.stringify(records)));
        let at = 1;
        for (const sent of records) {
          const end = payload.scan(at);
          expect(end).not.toBe(NOT_PLAIN);
          const values = plainReader.read(payload, at, end);
          payload.forgetLast();
          const converted = design.convert(parseKeptJson(JSON.stringify(sent)) as JsonObject);
          expect(values).toEqual(converted.values);
          at = end + 1;
        }
      }),
    );
  });

  it.each<[string, readonly Shaping[], readonly ColumnPatch[]]>([
    ['no steps', [], []],
    ['steps that are all disabled', [{ ...UPPERCASE, enabled: false }], []],
    ['a unique identifier', [UPPERCASE], [{ id: 'number', uniqueIdentifier: true }]],
    ['a converted column', [UPPERCASE], [{ id: 'number', type: 'TEXT' }]],
    ['a disabled column', [UPPERCASE], [{ id: 'flag', enabled: false }]],
    [
      'a step that reads an object',
      [{ step: { kind: 'toText', settings: { column: 'inner' } }, output: { create: 'whole' } }],
      [],
    ],
  ])('are not read from bytes under a design with %s', (_, steps, columns) => {
    expect(designOf(steps, columns).readLayout).toBeNull();
  });

  it('are not read from bytes if the sample has an array of objects', () => {
    expect(designOf([UPPERCASE], [], { ...SAMPLE, items: [{ a: 1 }] }).readLayout).toBeNull();
  });
});
