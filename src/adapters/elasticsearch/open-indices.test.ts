import type { Client } from '@elastic/elasticsearch';
import { describe, expect, it } from '@jest/globals';
import { RecordStoreError, type RecordStoreErrorCode } from '../../ports/record-store.js';
import { OpenIndices } from './open-indices.js';

describe('a request that may be sent twice', () => {
  /** Indices whose requests fail with these codes, one after the other, before one succeeds. */
  function failing(codes: RecordStoreErrorCode[]) {
    const indices = new OpenIndices({} as Client);
    let sent = 0;
    indices.use = async () => {
      sent += 1;
      const code = codes.shift();
      if (code) throw new RecordStoreError(code, 'made to fail');
      return 'done' as never;
    };
    return { send: () => indices.useTwice('rows', async () => 'done'), sent: () => sent };
  }

  it('is, if it was refused without a reason that an operator can mend', async () => {
    const { send, sent } = failing(['REJECTED']);
    expect([await send(), sent()]).toEqual(['done', 2]);
  });

  it('is refused if it is refused again', async () => {
    const { send, sent } = failing(['REJECTED', 'REJECTED']);
    await expect(send()).rejects.toMatchObject({ code: 'REJECTED' });
    expect(sent()).toBe(2);
  });

  it.each(['UNAVAILABLE', 'BLOCKED', 'GENERATION_MISSING'] as const)('is not after %s', async (code) => {
    const { send, sent } = failing([code]);
    await expect(send()).rejects.toMatchObject({ code });
    expect(sent()).toBe(1);
  });
});
