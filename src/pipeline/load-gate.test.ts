import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LoadGate } from './load-gate.js';

const busy = () => false;

describe('the gate of loads', () => {
  let gate: LoadGate;
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    gate = new LoadGate({ monotonicMs: () => Date.now() });
  });
  afterEach(() => void jest.useRealTimers());

  /** What a promise has resolved to once everything that is due has run; PENDING if it has not. */
  async function now<T>(promise: Promise<T>): Promise<T | 'PENDING'> {
    await jest.advanceTimersByTimeAsync(0);
    return Promise.race([promise, Promise.resolve('PENDING' as const)]);
  }
  async function alone(isWaiting = busy): Promise<() => void> {
    const leave = await gate.enterAlone(isWaiting);
    if (leave === null) throw new Error('it was turned away');
    return leave;
  }

  it('admits any number of loads together, and a suspected one only when they have left', async () => {
    const [one, two] = [await gate.enter(busy), await gate.enter(busy)];
    const suspect = alone();
    one();
    expect(await now(suspect)).toBe('PENDING');
    two();
    expect(await now(suspect)).not.toBe('PENDING');
  });

  it('admits no load beside a suspected one, nor once that has asked, and all when it has left', async () => {
    const leave = await gate.enter(busy);
    const suspect = alone();
    const others = [gate.enter(busy), gate.enter(busy)];
    leave();
    const leaveAlone = await suspect;
    expect(await now(Promise.any([...others, gate.whenOpen()]))).toBe('PENDING');
    expect(await gate.enterAlone(busy)).toBeNull();
    leaveAlone();
    expect(await now(Promise.all([...others, gate.whenOpen()]))).not.toBe('PENDING');
  });

  it('turns a suspected load away after 10 seconds, and immediately beside one that has run for longer', async () => {
    await gate.enter(busy);
    const suspect = gate.enterAlone(busy);
    const other = gate.enter(busy);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await now(suspect)).toBeNull();
    expect(await now(other)).not.toBe('PENDING');
    await jest.advanceTimersByTimeAsync(1);
    expect(await now(gate.enterAlone(busy))).toBeNull();
    expect(await now(gate.whenOpen())).toBeUndefined();
  });

  it('lets the others in after a minute, and no other suspected load', async () => {
    await alone();
    const other = gate.enter(busy);
    await jest.advanceTimersByTimeAsync(59_999);
    expect(await now(other)).toBe('PENDING');
    await jest.advanceTimersByTimeAsync(1);
    expect(await now(other)).not.toBe('PENDING');
    expect(await now(gate.enterAlone(busy))).toBeNull();
  });

  it('does not count a load that waits for a server', async () => {
    let isWaiting = false;
    const waiting = () => isWaiting;
    await gate.enter(waiting);
    isWaiting = true;
    const leave = await alone(waiting);
    await jest.advanceTimersByTimeAsync(60_000);
    await alone();
    leave();
    expect(await now(gate.whenOpen())).toBe('PENDING');
  });
});
