import { expect, it, jest } from '@jest/globals';
import { freePort } from './mongod-process.js';
import { awaitReplicaSet } from './replica-set.js';

it('says what failed last when a mongod does not become ready', async () => {
  let now = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
  const minute = () => {
    now += 60_001;
  };
  try {
    const waiting = awaitReplicaSet(await freePort(), 'a password', minute);
    await expect(waiting).rejects.toThrow(/^mongod did not become ready within a minute: .*connect ECONNREFUSED/);
  } finally {
    clock.mockRestore();
  }
});
