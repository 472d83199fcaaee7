import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RULES, type Design } from '../domain/design/design.js';
import { mergeFields, NO_COLUMNS } from '../domain/design/design-from-fields.js';
import { inferFields } from '../domain/sample/infer-fields.js';
import { DesignColumns } from './design-columns.js';

/** A design with a column that has the name of the dataset and the revision. */
function designOf(datasetId: string, revision: number): Design {
  const made = mergeFields(NO_COLUMNS, inferFields({ [`${datasetId}${revision}`]: 1 }));
  return { ...made, ...DEFAULT_RULES, datasetId, connectionId: 'c', revision, sampleVersion: 1 };
}

describe('the columns of designs', () => {
  const reads: string[] = [];
  let isDown = false;
  const designs = new DesignColumns({
    async findDesign(datasetId, revision) {
      reads.push(`${datasetId}${revision}`);
      if (isDown) throw new Error('down');
      return revision === 9 ? null : designOf(datasetId, revision);
    },
  });
  const idsOf = async (id: string, revision: number) => (await designs.of({ id }, revision)).map((column) => column.id);

  it('are read once for each revision that is asked for in turn, and are always those of that revision', async () => {
    expect(await Promise.all([idsOf('a', 1), idsOf('a', 1), idsOf('b', 1)])).toEqual([['a1'], ['a1'], ['b1']]);
    expect([await idsOf('a', 2), await idsOf('a', 2), await idsOf('a', 1)]).toEqual([['a2'], ['a2'], ['a1']]);
    expect(reads).toEqual(['a1', 'b1', 'a2', 'a1']);
  });

  it('are none if there is no such design', async () => {
    expect(await idsOf('a', 9)).toEqual([]);
  });

  it('are read again after a failure', async () => {
    isDown = true;
    await expect(idsOf('d', 1)).rejects.toThrow('down');
    isDown = false;
    expect(await idsOf('d', 1)).toEqual(['d1']);
  });
});
