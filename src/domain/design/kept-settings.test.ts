import { describe, expect, it } from '@jest/globals';
import { type Shaping, shapedDesign } from '../../../test/support/shaped-records.js';
import { SluiceError } from '../errors.js';
import { compiledDesign } from './compiled-design.js';
import type { Design } from './design.js';
import { type DesignEdit, editDesign } from './edit-design.js';

const SAMPLE = { id: 'x', items: [{ sku: 'a', owner: 'o' }], tags: ['x'] };
const flatten: Shaping = { id: 'flat', step: { kind: 'flatten', settings: { column: 'items', keepEmpty: true } } };
const upper: Shaping = {
  id: 'upper',
  output: { create: 'owner' },
  step: { kind: 'uppercase', settings: { column: 'id' } },
};
const drop = (column: string): Shaping => ({ id: 'drop', step: { kind: 'removeColumn', settings: { column } } });

function faultsOf(design: Design, edit: DesignEdit): string[] {
  try {
    editDesign(design, edit);
    return [];
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return error.details.faults?.map(({ message }) => message) ?? [error.message];
  }
}

const off = ({ transformations }: Design) => transformations.map((one) => ({ ...one, enabled: false }));
const shownOf = ({ columns }: Design, id: string) => columns.find((one) => one.id === id);

describe('an edit that takes the values of a column with a security name', () => {
  const flat = shapedDesign(SAMPLE, [flatten], [{ id: 'items.owner', securityName: 'owner' }]);
  const made = shapedDesign(SAMPLE, [upper], [{ id: 'owner', securityName: 'owner' }]);
  const whole = shapedDesign({ o: { p: 'x' } }, [], [{ id: 'o.p', securityName: 'p' }]);

  it.each<[string, Design, DesignEdit, string, string]>([
    ['disables its flatten', flat, { transformations: off(flat) }, 'items.owner', 'inside the array of objects items'],
    ['deletes its flatten', flat, { transformations: [] }, 'items.owner', 'inside the array of objects items'],
    ['stores its array whole', flat, { columns: [{ id: 'items', undetermined: true }] }, 'items.owner', 'stored whole'],
    ['stores its object whole', whole, { columns: [{ id: 'o', undetermined: true }] }, 'o.p', 'stored whole'],
    ['disables its step', made, { transformations: off(made) }, 'owner', 'it is disabled'],
    ['deletes its step', made, { transformations: [] }, 'owner', 'no step creates it any more'],
    [
      'gives its step another id',
      made,
      { transformations: made.transformations.map((one) => ({ ...one, id: 'other' })) },
      'owner',
      'another step creates it',
    ],
  ])('is refused if it %s, unless it clears the name', (_, design, edit, id, reason) => {
    const message = expect.stringMatching(
      new RegExp(`^securityName of column "${id}": .*${reason}.*; undo that, or clear securityName`),
    );
    expect(faultsOf(design, edit)).toContainEqual(message);
    const cleared = { ...edit, columns: [...(edit.columns ?? []), { id, securityName: null }] };
    expect(faultsOf(design, cleared)).not.toContainEqual(message);
  });

  it('does not let an edit change other settings of a column that it removes', () => {
    const edit = { transformations: [], columns: [{ id: 'owner', securityName: null, name: 'New' }] };
    expect(faultsOf(made, edit)).toEqual([expect.stringContaining('"owner", which is not a column of this dataset')]);
  });
});

describe('a column that a user has disabled', () => {
  it('stays disabled when a step that flattens its array is disabled and enabled again', () => {
    const flat = shapedDesign(SAMPLE, [flatten], [{ id: 'items.owner', enabled: false }]);
    const again = editDesign(editDesign(flat, { transformations: off(flat) }), {
      transformations: flat.transformations,
    });
    expect(shownOf(again, 'items.owner')).toMatchObject({ enabled: false, disabledReason: null });
    expect(shownOf(again, 'items.sku')).toMatchObject({ enabled: true });
  });

  it('stays disabled when the step that creates it is disabled and enabled again', () => {
    const made = shapedDesign(SAMPLE, [upper], [{ id: 'owner', enabled: false }]);
    const again = editDesign(editDesign(made, { transformations: off(made) }), {
      transformations: made.transformations,
    });
    expect(shownOf(again, 'owner')).toEqual(shownOf(made, 'owner'));
  });

  it('can be disabled, and enabled again, while it cannot have values', () => {
    const [plain, list] = [shapedDesign(SAMPLE, []), shapedDesign(SAMPLE, [flatten]).transformations];
    const disabled = editDesign(plain, { columns: [{ id: 'items.owner', enabled: false }] });
    expect(shownOf(editDesign(disabled, { transformations: list }), 'items.owner')).toMatchObject({ enabled: false });
    const enabled = editDesign(disabled, { columns: [{ id: 'items.owner', enabled: null }] });
    expect(shownOf(editDesign(enabled, { transformations: list }), 'items.owner')).toMatchObject({ enabled: true });
  });

  it.each([['tags'], ['owner']])('cannot be removed by a step: %s', (id) => {
    const made = shapedDesign(SAMPLE, [upper], [{ id, enabled: false }]);
    const { transformations } = shapedDesign(SAMPLE, [upper, drop(id)]);
    expect(faultsOf(made, { transformations })).toContainEqual(
      expect.stringContaining('the column is disabled, so rows do not have it'),
    );
  });

  it('has no values in rows after a step that removed it is gone', () => {
    const removed = shapedDesign(SAMPLE, [upper, drop('owner')]);
    const back = editDesign(removed, { transformations: removed.transformations.slice(0, 1) });
    const disabled = editDesign(back, { columns: [{ id: 'owner', enabled: false }] });
    expect(shownOf(back, 'owner')).not.toHaveProperty('removedBy');
    expect(compiledDesign({ design: disabled, fields: [] }).runSteps).toBeNull();
  });
});
