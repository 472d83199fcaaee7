import { type Column, UNSET, withReason } from '../design/column.js';
import type { ColumnType } from '../sample/source-field.js';
import { isLocateStep } from './step-kinds.js';
import type { Transformation } from './transformation.js';

interface Created {
  readonly transformation: Transformation;
  readonly type: ColumnType;
  readonly disabledReason: string | null;
  /** Used only if the column is new. */
  readonly storedKey: string;
}

/** The column that a transformation creates. Settings that users made on it stay. Its id is its first name, and never changes. */
export function createdColumn(
  before: Column | undefined,
  { transformation, type, disabledReason, storedKey }: Created,
): Column {
  const column = before ?? newColumn(transformation, type, storedKey);
  const isSameType = column.type === type;
  const typed = isSameType ? column : { ...column, type, sourceType: type, displayFormat: null, link: null };
  const placed = withReason(typed, disabledReason);
  return disabledReason === null ? placed : { ...placed, link: null };
}

function newColumn({ id: transformation, output, step }: Transformation, type: ColumnType, storedKey: string): Column {
  const id = output && 'create' in output ? output.create : transformation;
  return {
    id,
    storedKey,
    name: id,
    key: id,
    type,
    sourceType: type,
    parent: null,
    depth: 0,
    origin: isLocateStep(step) ? 'GEOLOCATION' : 'TRANSFORMATION',
    transformation,
    optional: true,
    disabledReason: null,
    undetermined: false,
    ...UNSET,
  };
}
