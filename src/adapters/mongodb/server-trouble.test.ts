import { describe, expect, it } from '@jest/globals';
import {
  MongoClientClosedError,
  MongoNetworkError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { RecordStoreError } from '../../ports/record-store.js';
import { toStoreError } from './rows/write-verdict.js';
import { errorKindOf } from './server-trouble.js';

const cut = new MongoNetworkError('connection closed');
const noSpace = new MongoServerError({ code: 8, errmsg: '28: No space left on device' });

describe('errorKindOf', () => {
  it.each([
    ['PASSING', 'the network is cut', cut],
    ['PASSING', 'no server is found', new MongoServerSelectionError('no primary', {} as never)],
    ['PASSING', 'the server does not respond in time', new MongoOperationTimeoutError('timed out')],
    ['PASSING', 'a socket is cut', Object.assign(new Error('ended by the other party'), { code: 'EPIPE' })],
    ['PASSING', 'the connection was closed', new MongoTopologyClosedError('closed')],
    ['PASSING', 'the service closes its client', new MongoClientClosedError()],
    ['PASSING', 'another server becomes the primary', new MongoServerError({ code: 10107 })],
    ['PASSING', 'it is the cause of another error', new RecordStoreError('UNAVAILABLE', 'trouble', { cause: cut })],
    ['PASSING', 'the storage engine has another trouble', new MongoServerError({ code: 8, errmsg: 'no: 28' })],
    ['DISK_FULL', 'the storage engine finds no space', noSpace],
    ['DISK_FULL', 'the server says so', new MongoServerError({ code: 14031 })],
    [
      'DISK_FULL',
      'it is the cause of one that passes',
      Object.assign(new MongoNetworkError('cut'), { cause: noSpace }),
    ],
    ['OTHER', 'a document is refused', new MongoServerError({ code: 121, errmsg: '28: No space left on device' })],
    [null, 'a text quotes the server', new TypeError('28: No space left on device')],
    [null, 'it is not an error', 'MongoNetworkError'],
  ])('is %s when %s', (kind, _when, error) => {
    expect(errorKindOf(error)).toBe(kind);
  });
});

describe('toStoreError', () => {
  it.each([
    ['the server does not respond in time', new MongoOperationTimeoutError('timed out')],
    ['the service closes its client', new MongoClientClosedError()],
  ])('waits and does not refuse rows when %s', (_when, error) => {
    expect(toStoreError(error).code).toBe('UNAVAILABLE');
  });
});
