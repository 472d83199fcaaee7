import { describe, expect, it } from '@jest/globals';
import { nearestName } from './nearest-name.js';

describe('nearestName', () => {
  const known = ['kitten', 'sitting', 'role', ''];

  it.each([
    ['kittn', 'kitten'],
    ['sitten', 'kitten'],
    ['siting', 'sitting'],
    ['rolle', 'role'],
    ['x', ''],
  ])('finds for %s the name with the fewest changes', (name, nearest) => {
    expect(nearestName(name, known)).toBe(nearest);
  });

  it('finds none when none is known', () => {
    expect(nearestName('x', [])).toBeUndefined();
  });
});
