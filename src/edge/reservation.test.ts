import { describe, expect, it } from '@jest/globals';
import { memoryBudget } from '../adapters/memory/memory-budget.js';
import { Reservation } from './reservation.js';

describe('a reservation', () => {
  it('grows while there is room, stays as it was if there is none, and releases all of it', () => {
    const memory = memoryBudget(100);
    const other = memory.tryReserve(50);
    const reservation = new Reservation(memory);
    expect([reservation.growTo(30), reservation.growTo(20), reservation.growTo(60), reservation.growTo(50)]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(memory.tryReserve(1)).toBeNull();
    reservation.end();
    other?.();
    expect(memory.tryReserve(100)).not.toBeNull();
  });

  it('grants nothing more after its end: the client is gone', () => {
    const reservation = new Reservation(memoryBudget(100));
    expect(reservation.growTo(10)).toBe(true);
    reservation.end();
    expect([reservation.growTo(10), reservation.growTo(11)]).toEqual([false, false]);
  });
});
