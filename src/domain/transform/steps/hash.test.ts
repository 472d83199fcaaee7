import { describe, expect, it } from '@jest/globals';
import { plannedStep } from '../../../../test/support/steps.js';
import { completedStep, type Step, shownStep } from '../step-kinds.js';
import type { HashStep } from './hash.js';

const sample = { t: 'x', n: 1, is: true, at: '2024-02-29T12:30:00Z', list: ['x'] };
const hashing = (column: string, rest: Partial<HashStep> = {}) => plannedStep('hash', { column, ...rest }, sample);
const step = (settings: Partial<HashStep>): Step => ({ kind: 'hash', settings: { column: 't', ...settings } });

describe('hash', () => {
  // By `printf %s TEXT | sha256sum`.
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['é😀', '1184d1f608158eea09d297565575892231550c403aaa913008d867a97cfd5c76'],
  ])('of %j is %s', (t, expected) => {
    expect(hashing('t').of({ t })).toBe(expected);
  });

  it('is that of the salt followed by the text', () => {
    expect(hashing('t', { salt: 'a' }).of({ t: 'bc' })).toBe(hashing('t').of({ t: 'abc' }));
    expect(hashing('t', { salt: 'a' }).of({ t: null })).toBeNull();
  });

  it('of other scalars is that of their text form', () => {
    const ofText = (t: string) => hashing('t').of({ t });
    expect(hashing('n').of({ n: 1.5 })).toBe(ofText('1.5'));
    expect(hashing('is').of({ is: false })).toBe(ofText('false'));
    expect(hashing('at').of({ at: new Date(0) })).toBe(ofText('1970-01-01T00:00:00.000Z'));
  });

  it('refuses arrays and salts that are none, too long, or halves, and shows none of them', () => {
    expect(hashing('list').faults).toEqual([expect.stringContaining('the column is TEXT_ARRAY')]);
    expect(hashing('t', { salt: '' }).faults).toEqual(['salt has 0 characters; give 1 to 200']);
    expect(hashing('t', { salt: 'x'.repeat(201) }).faults).toEqual(['salt has 201 characters; give 1 to 200']);
    expect(hashing('t', { salt: '\ud800' }).faults).toEqual([
      'salt holds half of a surrogate pair; give well-formed Unicode',
    ]);
  });

  it.each<[string, Partial<HashStep>, Step | undefined, Partial<HashStep>]>([
    ['is set', { salt: 'new' }, undefined, { salt: 'new' }],
    ['is replaced', { salt: 'new' }, step({ salt: 'old' }), { salt: 'new' }],
    ['is kept', {}, step({ salt: 'old' }), { salt: 'old' }],
    ['is kept for another column', { column: 'n' }, step({ salt: 'old' }), { column: 'n', salt: 'old' }],
    ['is kept, as it is read', { saltSet: true }, step({ salt: 'old' }), { salt: 'old' }],
    ['is removed', { saltSet: false }, step({ salt: 'old' }), {}],
    ['is none', {}, step({}), {}],
    ['is none after another kind', {}, { kind: 'lowercase', settings: { column: 't' } }, {}],
  ])('the salt %s by %j', (_, settings, before, expected) => {
    expect(completedStep(step(settings), before)).toEqual(step(expected));
  });

  it('is a fault where saltSet and the salts contradict each other', () => {
    const faultsOf = (settings: Partial<HashStep>, before?: Step) => {
      const completed = completedStep(step(settings), before).settings as HashStep;
      return plannedStep('hash', completed, sample).faults;
    };
    expect(faultsOf({ saltSet: true })).toEqual([
      'saltSet is true, and the step of this id has no salt; give the salt',
    ]);
    expect(faultsOf({ saltSet: false, salt: 'new' })).toEqual([
      'saltSet is false, and a salt is given; leave one of them out',
    ]);
    expect(faultsOf({ saltSet: true, salt: 'new' })).toEqual([]);
  });

  it('shows that there is a salt, and not which', () => {
    expect(shownStep(step({ salt: 'secret' }))).toEqual({ hash: { column: 't', saltSet: true } });
    expect(shownStep(step({}))).toEqual({ hash: { column: 't' } });
  });
});
