import { describe, expect, it } from '@jest/globals';
import { SluiceError } from '../domain/errors.js';
import { boundedRefusal } from './bounded-refusal.js';

describe('the texts of a refusal', () => {
  it('are cut if they are long, and otherwise unchanged', () => {
    const long = 'x'.repeat(9_000_000);
    const { message, details } = boundedRefusal(
      new SluiceError('BAD_REQUEST', long, { pointer: long, recordIndex: 3 }),
    );
    expect([message.length, details.pointer?.length, details.recordIndex]).toEqual([4_003, 4_003, 3]);
    const short = new SluiceError('BAD_REQUEST', 'short', { field: 'input', faults: [] });
    expect(boundedRefusal(short)).toEqual({ message: 'short', details: { field: 'input', faults: [] } });
  });
});
