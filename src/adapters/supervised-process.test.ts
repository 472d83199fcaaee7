import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { type OwnedProcess, SupervisedProcess, type SupervisionPace } from './supervised-process.js';

/** Every life is short, no wait is long. */
const SHORT_LIVES: SupervisionPace = { retries: 3, minTimeout: 1, maxTimeout: 2, steadyMs: 1e9, obstaclePollMs: 1 };
const STEADY_LIVES: SupervisionPace = { ...SHORT_LIVES, steadyMs: 0 };

interface Fake extends OwnedProcess {
  end(how: string): void;
  isGone: boolean;
}

function fakeProcess(): Fake {
  let end: (how: string) => void = () => undefined;
  const fake: Fake = {
    isGone: false,
    ended: new Promise((resolve) => {
      end = (how) => {
        fake.isGone = true;
        resolve(how);
      };
    }),
    end: (how) => end(how),
    stop: async () => end('signal SIGTERM'),
  };
  return fake;
}

/** A supervised process whose starts do what a test says. */
function supervise(pace: SupervisionPace, start: (signal: AbortSignal) => Promise<Fake> = async () => fakeProcess()) {
  const bench = { starts: 0, obstacle: null as string | null, givenUp: [] as string[], log: [] as string[] };
  const log = (text: string) => void bench.log.push(text);
  const first = fakeProcess();
  const supervised = new SupervisedProcess<Fake>(first, {
    name: 'the fake',
    start: (signal) => {
      bench.starts += 1;
      return start(signal);
    },
    obstacle: () => bench.obstacle,
    giveUp: (reason) => void bench.givenUp.push(reason),
    log: { info: log, warn: log, error: log },
    pace,
  });
  return { bench, first, supervised };
}

describe('a supervised process', () => {
  it('is restarted when it ends', async () => {
    const { bench, first, supervised } = supervise(STEADY_LIVES);
    first.end('signal SIGKILL');
    const second = await until('the second', () => (supervised.running === first ? null : supervised.running));
    expect([bench.starts, supervised.outage, second.isGone]).toEqual([1, null, false]);
    expect(bench.log).toEqual([
      'the fake has ended (signal SIGKILL); it is being restarted',
      'the fake is running again',
    ]);
    await supervised.stop();
    expect([second.isGone, bench.starts, bench.givenUp]).toEqual([true, 1, []]);
  });

  it('is ended when it is stopped while a start is about to succeed', async () => {
    const second = fakeProcess();
    let succeed: () => void = () => undefined;
    const { bench, first, supervised } = supervise(STEADY_LIVES, async () => {
      await new Promise<void>((resolve) => {
        succeed = resolve;
      });
      return second;
    });
    first.end('signal SIGKILL');
    await until('the start', () => bench.starts === 1);
    const stopped = supervised.stop();
    succeed();
    await stopped;
    expect([second.isGone, supervised.running, bench.givenUp]).toEqual([true, null, []]);
  });

  it('is never given up if it runs long enough each time', async () => {
    const { bench, first, supervised } = supervise(STEADY_LIVES);
    let running = first;
    for (let n = 0; n < 20; n += 1) {
      running.end('exit code 1');
      running = await until('the next', () => (supervised.running === running ? null : supervised.running));
    }
    expect([bench.starts, bench.givenUp]).toEqual([20, []]);
    await supervised.stop();
  });

  it('is given up if it ends again and again', async () => {
    const { bench, first } = supervise(SHORT_LIVES, async () => {
      const fake = fakeProcess();
      fake.end('exit code 14');
      return fake;
    });
    first.end('exit code 14');
    await until('the end', () => bench.givenUp.length > 0);
    expect(bench.givenUp).toEqual([
      'the fake cannot be kept running: it ended again and again, last with exit code 14',
    ]);
    expect(bench.starts).toBe(3);
  });

  it('is given up, with the reason, if it cannot be started', async () => {
    const { bench, first, supervised } = supervise(SHORT_LIVES, () => Promise.reject(new Error('no such program')));
    first.end('signal SIGSEGV');
    await until('a failed start', () => supervised.isOutageLong);
    await until('the end', () => bench.givenUp.length > 0);
    expect(bench.givenUp).toEqual(['the fake cannot be kept running: no such program']);
    expect(supervised.outage).toMatchObject({ how: 'signal SIGSEGV', failedStarts: 3 });
  });

  it('is neither restarted nor given up until the obstacle is gone', async () => {
    let isFull = true;
    const { bench, first, supervised } = supervise(SHORT_LIVES, async () => {
      if (!isFull) return fakeProcess();
      bench.obstacle = 'the disk is full';
      throw new Error('no space left');
    });
    first.end('signal SIGABRT');
    for (let n = 0; n < 20; n += 1) {
      await until('the obstacle', () => bench.starts === n + 1 && supervised.isOutageLong && bench.obstacle !== null);
      isFull = n < 19;
      bench.obstacle = null;
    }
    await until('the start', () => supervised.running);
    expect([bench.givenUp, supervised.isOutageLong]).toEqual([[], false]);
    expect(bench.log).toContain('the fake is not restarted until this is over: the disk is full');
    await supervised.stop();
  });

  it('leaves nothing running if it is stopped while it starts', async () => {
    const started = fakeProcess();
    const { first, bench, supervised } = supervise(STEADY_LIVES, async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await started.stop();
      throw signal.reason;
    });
    first.end('exit code 0');
    await until('the start', () => bench.starts === 1);
    await supervised.stop();
    expect([started.isGone, bench.starts, bench.givenUp, supervised.running]).toEqual([true, 1, [], null]);
  });
});
