import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { MongoClientClosedError, MongoNetworkError, MongoServerError } from 'mongodb';
import { pino } from 'pino';
import { errorKindOf } from '../adapters/mongodb/server-trouble.js';
import { LeaseLostError } from '../ports/lane.js';
import { RecordStoreError } from '../ports/record-store.js';
import { errorReporter } from './error-reporter.js';

describe('the log level of errors that no caller gets', () => {
  function levelOf(error: unknown): string {
    const lines: string[] = [];
    const into = new Writable({ write: (line, _encoding, done) => done(void lines.push(String(line))) });
    const logger = pino({ formatters: { level: (label) => ({ level: label }) } }, into);
    errorReporter(logger, { errorKind: errorKindOf })(error, 'loading');
    return JSON.parse(lines.join()).level;
  }
  const conflict = new MongoServerError({ code: 112, errorLabels: ['TransientTransactionError'] });

  it.each([
    ['a lease that was lost', new LeaseLostError('it has run out')],
    ['what came of one', new Error('taken again', { cause: new LeaseLostError('it has run out') })],
    ['a record store that is down', new RecordStoreError('UNAVAILABLE', 'down')],
    ['an index that is blocked', new RecordStoreError('BLOCKED', 'read-only')],
    ['a connection that was cut', new MongoNetworkError('cut')],
    ['a connection that the service closed', new MongoClientClosedError()],
    ['a conflict of two writes', conflict],
    ['another primary', new MongoServerError({ code: 10107 })],
  ])('is a warning for %s', (_name, error) => {
    expect(levelOf(error)).toBe('warn');
  });

  it.each([
    ['a defect', new TypeError('x is undefined')],
    ['a row that the store will never take', new RecordStoreError('REJECTED', 'no')],
    ['rows that are gone', new RecordStoreError('GENERATION_MISSING', 'gone')],
    ['a full disk', new MongoServerError({ code: 14031 })],
    ['a text that only looks like one of those', new Error('MongoNetworkError: TransientTransactionError')],
    ['what is not an error', 'MongoNetworkError'],
  ])('is an error for %s', (_name, error) => {
    expect(levelOf(error)).toBe('error');
  });
});
