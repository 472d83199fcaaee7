import { describe, expect, it } from '@jest/globals';
import { MongoBulkWriteError, MongoNetworkError, MongoServerError } from 'mongodb';
import { RecordStoreError } from '../../../ports/record-store.js';
import { takenIndexes, toStoreError } from './write-verdict.js';

/** The driver's error for a reply with these write errors. */
function bulkError(writeErrors: { code: number; index: number }[], writeConcernError?: string): MongoBulkWriteError {
  const failures = writeErrors.map(({ code, index }) => ({
    code,
    index,
    errmsg: `E${code}`,
    err: { code, index, errmsg: `E${code}` },
  }));
  const result = { getWriteConcernError: () => (writeConcernError ? { errmsg: writeConcernError } : undefined) };
  const error = new MongoBulkWriteError({ message: 'bulk', code: 0, writeErrors: failures as never }, result as never);
  return error;
}

describe('takenIndexes', () => {
  it('gives the places of the ids that are taken', () => {
    expect(
      takenIndexes(
        bulkError([
          { code: 11000, index: 2 },
          { code: 11000, index: 5 },
        ]),
      ),
    ).toEqual([2, 5]);
  });

  it.each([
    [
      'a row that was refused',
      bulkError([
        { code: 11000, index: 0 },
        { code: 10334, index: 1 },
      ]),
      'REJECTED',
      false,
    ],
    [
      'a write that a majority did not confirm',
      bulkError([], 'waiting for replication timed out'),
      'UNAVAILABLE',
      true,
    ],
    ['a network that is gone', new MongoNetworkError('connection closed'), 'UNAVAILABLE', true],
    ['an error of ours', new TypeError('x is undefined'), 'REJECTED', false],
  ])('throws for %s', (_name, error, code, retriable) => {
    expect(() => takenIndexes(error)).toThrow(
      expect.objectContaining({ name: 'RecordStoreError', code, retriable, cause: error }),
    );
  });
});

describe('toStoreError', () => {
  it('goes by the labels of the server, and leaves the port’s own errors as they are', () => {
    const stepDown = new MongoServerError({ message: 'not primary', errorLabels: ['RetryableWriteError'] });
    expect(toStoreError(stepDown).retriable).toBe(true);
    const own = new RecordStoreError('GENERATION_MISSING', 'gone');
    expect(toStoreError(own)).toBe(own);
  });
});
