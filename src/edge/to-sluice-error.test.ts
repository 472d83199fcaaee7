import { describe, expect, it } from '@jest/globals';
import { MongoNetworkError, MongoServerError } from 'mongodb';
import { errorKindOf } from '../adapters/mongodb/server-trouble.js';
import { HTTP_STATUS_OF_CODE, SluiceError } from '../domain/errors.js';
import { RecordStoreError } from '../ports/record-store.js';
import { FOREIGN_STORAGE, type StorageHealth } from '../ports/storage-health.js';
import { createLogger } from '../telemetry/logger.js';
import { refuseOutage, toSluiceError } from './to-sluice-error.js';

const logger = createLogger('silent');
const MONGODB: StorageHealth = { ...FOREIGN_STORAGE, errorKind: errorKindOf };
const FULL: StorageHealth = { ...MONGODB, shortage: () => 'the disk of /data is full' };

const noSpace = new MongoServerError({ code: 8, errmsg: '28: No space left on device' });
const outOfDisk = new MongoServerError({ code: 14031, errmsg: 'out of disk space' });
const unreachable = new MongoNetworkError('connection closed');
const notPrimary = new MongoServerError({ code: 10107, errmsg: 'not primary' });
const inStore = (cause: Error) => new RecordStoreError('UNAVAILABLE', 'MongoDB: trouble', { cause });

describe('toSluiceError', () => {
  it.each([
    ['the storage engine finds no space', noSpace, MONGODB, 'DISK_FULL'],
    ['MongoDB says that its disk is full', outOfDisk, MONGODB, 'DISK_FULL'],
    ['rows find no space', inStore(noSpace), MONGODB, 'DISK_FULL'],
    ['the embedded MongoDB is gone and its disk is full', unreachable, FULL, 'DISK_FULL'],
    ['rows cannot be written and the disk is full', inStore(unreachable), FULL, 'DISK_FULL'],
    ['MongoDB is gone', unreachable, MONGODB, 'STORE_UNAVAILABLE'],
    ['a server has started, but takes no writes yet', notPrimary, MONGODB, 'STORE_UNAVAILABLE'],
    ['rows cannot be written', inStore(unreachable), MONGODB, 'STORE_UNAVAILABLE'],
    ['a defect occurs while the disk is full', new TypeError('x is undefined'), FULL, 'INTERNAL'],
    ["a user's text quotes the server", new TypeError('28: No space left on device'), MONGODB, 'INTERNAL'],
    [
      'a refused document quotes the server',
      new MongoServerError({ code: 121, errmsg: 'no: 28: No space left on device' }),
      MONGODB,
      'INTERNAL',
    ],
  ])('gives the right code when %s', (_when, error, storage, code) => {
    expect(toSluiceError(error, { logger, storage, requestId: 'r' }).code).toBe(code);
  });

  it('names the disk when the service knows it', () => {
    expect(toSluiceError(unreachable, { logger, storage: FULL, requestId: 'r' }).message).toBe(
      'the disk of /data is full',
    );
  });
});

describe('refuseOutage', () => {
  const down = 'the database has ended';

  it.each([
    ['lets requests pass when no outage is known', FOREIGN_STORAGE, null],
    ['lets requests pass when the disk is full and the database runs', FULL, null],
    ['refuses requests when the database is gone', { ...FOREIGN_STORAGE, outage: () => down }, 'STORE_UNAVAILABLE'],
    ['names the disk when a full disk keeps the database down', { ...FULL, outage: () => down }, 'DISK_FULL'],
  ])('%s', (_title, storage, code) => {
    const refuse = () => refuseOutage(storage);
    if (code === null) expect(refuse).not.toThrow();
    else expect(refuse).toThrow(expect.objectContaining({ code, details: { retryAfterSeconds: expect.any(Number) } }));
  });
});

describe('every 503', () => {
  const codes = Object.entries(HTTP_STATUS_OF_CODE).flatMap(([code, status]) => (status === 503 ? [code] : []));

  it.each(codes)('says when to retry when its code is %s', (code) => {
    const { details } = new SluiceError(code as keyof typeof HTTP_STATUS_OF_CODE, 'later');
    expect(details.retryAfterSeconds).toBeGreaterThan(0);
  });
});
