import type { SourceField } from '../sample/source-field.js';
import type { Column } from './design.js';

/** The columns of a new design: one for every source field, in the same order. */
export function columnsFromFields(fields: readonly SourceField[]): Column[] {
  const disabledBelow = new Set<string>();
  return fields.map((field, index) => {
    const { path, key, type, textForm, parent, depth, optional } = field;
    const belowArray = parent !== null && disabledBelow.has(parent);
    if (type === 'OBJECT_ARRAY' || belowArray) disabledBelow.add(path);
    const disabledReason = reasonToDisable(field, belowArray);
    return {
      id: path,
      storedKey: `c${index + 1}`,
      name: path,
      key,
      type,
      ...(textForm && { textForm }),
      parent,
      depth,
      origin: 'SAMPLE',
      optional,
      enabled: disabledReason === null,
      disabledReason,
    };
  });
}

function reasonToDisable({ type, parent }: SourceField, belowArray: boolean): string | null {
  if (belowArray) return `it stands in the array of objects ${parent}, which gives no value of its own to a row`;
  if (type === 'OBJECT_ARRAY')
    return 'an array of objects has no place in one row; only transformations of arrays can use it';
  if (type === 'OBJECT') return 'an object is not loaded itself; its children are columns';
  return null;
}
