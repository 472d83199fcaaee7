import { describe, expect, it } from '@jest/globals';
import { plannedStep } from '../../../../test/support/steps.js';
import type { TemplateNulls } from './template.js';

const sample = { a: 'x', n: 1, is: true, at: '2024-02-29T12:30:00Z', 'o}}': 'x', ' s ': 'x', list: ['x'] };

function template(text: string, nulls: TemplateNulls = 'NULL_RESULT') {
  return plannedStep('template', { template: text, nulls }, sample);
}

describe('template', () => {
  it.each([
    ['Hello {{a}}!', { a: 'Ada' }, 'Hello Ada!'],
    ['{{ a }}{{a}}', { a: '😀' }, '😀😀'],
    ['{{n}} {{is}} {{at}}', { n: 0.1, is: true, at: new Date(0) }, '0.1 true 1970-01-01T00:00:00.000Z'],
    ['{{o\\}\\}}}|{{ s }}', { 'o}}': 'odd', ' s ': 'spaces' }, 'odd|spaces'],
    ['{ {a} }', {}, '{ {a} }'],
    ['{{a}}', { a: '{{n}} $& $1' }, '{{n}} $& $1'],
    ['no token', {}, 'no token'],
  ])('fills %j', (text, values, expected) => {
    const step = template(text);
    expect([step.faults, step.of(values)]).toEqual([[], expected]);
  });

  it('with a null gives null, or leaves it empty', () => {
    expect(template('{{a}}-{{n}}').of({ a: 'x', n: null })).toBeNull();
    expect(template('{{a}}-{{n}}', 'AS_EMPTY').of({ a: 'x', n: null })).toBe('x-');
    expect(template('{{a}}', 'AS_EMPTY').of({ a: null })).toBe('');
  });

  it('refuses unknown columns, arrays, tokens left open, no text and too much of it', () => {
    expect(template('{{b}} {{list}}').faults).toEqual([
      'a token of template is "b": no column has this id',
      'a token of template is "list": the column is TEXT_ARRAY; the step takes TEXT, NUMERIC, BOOLEAN, DATETIME',
    ]);
    for (const open of ['{{a', 'a}}', '{{a}} {{']) {
      expect(template(open).faults).toEqual([expect.stringContaining('template has {{ or }} without the other')]);
    }
    expect(template('').faults).toEqual(['template has 0 characters; give 1 to 10000']);
    expect(template('{{a}}'.repeat(500)).faults).toEqual([]);
    expect(template('{{a}}'.repeat(501)).faults).toEqual(['template has 501 tokens; at most 500 are allowed']);
  });

  it('gives an error for more than a million characters, and does not build them all', () => {
    expect(template('{{a}}'.repeat(500)).of({ a: 'x'.repeat(1_000_000) })).toEqual({
      error: 'the result has more than 1000000 characters, which is the most that a step gives',
    });
  });
});
