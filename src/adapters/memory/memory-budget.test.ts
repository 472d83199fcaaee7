import { describe, expect, it } from '@jest/globals';
import { memoryBudget } from './memory-budget.js';

describe('memoryBudget', () => {
  it('refuses what does not fit, and grants released memory again, once', () => {
    const budget = memoryBudget(100);
    const first = budget.tryReserve(60);
    expect(budget.tryReserve(41)).toBeNull();
    const second = budget.tryReserve(40);
    first?.();
    first?.();
    expect(budget.tryReserve(61)).toBeNull();
    expect(budget.tryReserve(60)).not.toBeNull();
    second?.();
  });

  it('grants more than the whole budget only if nothing else is reserved', async () => {
    const budget = memoryBudget(100);
    const small = budget.tryReserve(1);
    expect(budget.tryReserve(500)).toBeNull();
    small?.();
    expect(budget.tryReserve(500)).not.toBeNull();
  });

  it('lets one who holds all that is reserved grow beyond the whole budget', () => {
    const budget = memoryBudget(100);
    const first = budget.tryReserve(90);
    expect(budget.tryReserve(20)).toBeNull();
    const more = budget.tryReserve(20, 90);
    expect(more).not.toBeNull();
    first?.();
    more?.();
    expect(budget.tryReserve(100)).not.toBeNull();
  });

  it('grants waiting requests in order, and lets nobody pass them', async () => {
    const budget = memoryBudget(100);
    const first = await budget.reserve(80);
    const order: string[] = [];
    const large = budget.reserve(90).then((release) => {
      order.push('large');
      return release;
    });
    const small = budget.reserve(10).then((release) => {
      order.push('small');
      return release;
    });
    expect(budget.tryReserve(10)).toBeNull();
    first();
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
  });
});
