import { describe, expect, it } from '@jest/globals';
import { MongoBulkWriteError, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { RecordStoreError } from '../../../ports/record-store.js';
import { notWritten, toStoreError } from './write-verdict.js';

/** The driver's error for a reply with these write errors. */
function bulkError(writeErrors: { code: number; index: number }[], writeConcernError?: string): MongoBulkWriteError {
  const failures = writeErrors.map(({ code, index }) => ({ code, index, errmsg: `E${code}` }));
  return new MongoBulkWriteError(
    { message: 'bulk', code: 0, writeErrors: failures as never },
    result(writeConcernError),
  );
}

/** The driver's error for a bulk whose request failed as a whole: the driver gives it the shape of a bulk's. */
function wrapped(error: Error): MongoBulkWriteError {
  return new MongoBulkWriteError(error as never, result());
}

function result(writeConcernError?: string) {
  return { getWriteConcernError: () => (writeConcernError ? { errmsg: writeConcernError } : undefined) } as never;
}

const serverError = (code: number) => new MongoServerError({ message: `E${code}`, code });

describe('notWritten', () => {
  it('distinguishes ids that are taken from rows that were refused', () => {
    const error = bulkError([
      { code: 11000, index: 2 },
      { code: 10334, index: 3 },
      { code: 11000, index: 5 },
    ]);
    expect(notWritten(error)).toEqual({ taken: [2, 5], rejected: [{ index: 3, reason: 'MongoDB: E10334' }] });
  });

  it.each([
    [
      'a write that a majority did not confirm',
      bulkError([], 'waiting for replication timed out'),
      'UNAVAILABLE',
      true,
    ],
    ['a row that the server had no time for', bulkError([{ code: 11602, index: 0 }]), 'UNAVAILABLE', true],
    ['a bulk whose connection closed', wrapped(new MongoNetworkError('connection closed')), 'UNAVAILABLE', true],
    [
      'a bulk that found no server',
      wrapped(new MongoServerSelectionError('connect ECONNREFUSED', {} as never)),
      'UNAVAILABLE',
      true,
    ],
    ['a bulk sent to a former primary', wrapped(serverError(10107)), 'UNAVAILABLE', true],
    ['a bulk that found the disk full', wrapped(serverError(14031)), 'UNAVAILABLE', true],
    ['a row that the storage engine had no space for', bulkError([{ code: 8, index: 0 }]), 'UNAVAILABLE', true],
    ['a bulk that is too large', wrapped(serverError(10334)), 'REJECTED', false],
    ['a bulk without a reason', bulkError([]), 'REJECTED', false],
    ['a lost network connection', new MongoNetworkError('connection closed'), 'UNAVAILABLE', true],
    ['an error of ours', new TypeError('x is undefined'), 'REJECTED', false],
  ])('throws for %s', (_name, error, code, retriable) => {
    expect(() => notWritten(error)).toThrow(
      expect.objectContaining({ name: 'RecordStoreError', code, retriable, cause: error }),
    );
  });
});

describe('toStoreError', () => {
  it('uses the labels and codes of the server, and does not change errors of the port', () => {
    const stepDown = new MongoServerError({ message: 'not primary', errorLabels: ['RetryableWriteError'] });
    expect(toStoreError(stepDown).retriable).toBe(true);
    expect(toStoreError(serverError(11600)).retriable).toBe(true);
    expect(toStoreError(serverError(13)).retriable).toBe(false);
    const own = new RecordStoreError('GENERATION_MISSING', 'gone');
    expect(toStoreError(own)).toBe(own);
  });
});
