import { describe, expect, it } from '@jest/globals';
import { Resources } from '../../bench/resources.js';
import { untilStopped } from '../../bench/stopping.js';

/** Resources that log how they start and end. */
function bench() {
  const stopping = new AbortController();
  const resources = new Resources(stopping.signal);
  const log: string[] = [];
  const start = (name: string, starting = async () => undefined as unknown, ending = starting) =>
    resources.start(
      async () => {
        log.push(`start ${name}`);
        await starting();
      },
      async () => {
        log.push(`end ${name}`);
        await ending();
      },
    );
  return { stopping, resources, log, start };
}

describe('the resources of the benchmark', () => {
  it('end in the reverse order, once', async () => {
    const { resources, log, start } = bench();
    await start('folder');
    await start('server');
    await resources.close();
    await resources.close();
    expect(log).toEqual(['start folder', 'start server', 'end server', 'end folder']);
  });

  it('end also if the stop comes while they start, and nothing starts after it', async () => {
    const { stopping, resources, log, start } = bench();
    const starting = start('server', async () => stopping.abort(new Error('stop')));
    await expect(starting).rejects.toThrow('stop');
    await expect(start('client')).rejects.toThrow('stop');
    await resources.close();
    expect(log).toEqual(['start server', 'end server']);
  });

  it('all end if one of them fails to, and the failure is thrown', async () => {
    const { resources, log, start } = bench();
    await start('folder');
    await start('server', undefined, () => Promise.reject(new Error('it does not end')));
    await expect(resources.close()).rejects.toThrow('it does not end');
    expect(log.slice(2)).toEqual(['end server', 'end folder']);
  });
});

describe('work until the benchmark is stopped', () => {
  it('returns what the work resolves with', async () => {
    await expect(untilStopped(new AbortController().signal, async () => 1)).resolves.toBe(1);
  });

  it('rejects at the stop, also if the work never ends', async () => {
    const stopping = new AbortController();
    const result = untilStopped(stopping.signal, () => new Promise(() => undefined));
    stopping.abort(new Error('stop'));
    await expect(result).rejects.toThrow('stop');
  });
});
