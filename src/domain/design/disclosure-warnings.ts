import { briefJson } from '../json/stringify-json.js';
import { planOf } from '../transform/plan-transformations.js';
import { namedStep, type Transformation } from '../transform/transformation.js';
import type { Column } from './column.js';
import type { Columns } from './design.js';
import type { DesignWarning } from './design-warning.js';
import { withSensitivity } from './sensitive-columns.js';

/** The columns of the applied designs of some datasets, by the id of the dataset. */
export type ColumnsOfDatasets = ReadonlyMap<string, readonly Column[]>;

/** The warnings about steps that put values which not everyone may see into columns which more callers see. */
export function disclosureWarnings(design: Columns, lookedUp: ColumnsOfDatasets): DesignWarning[] {
  const shown = new Map(
    withSensitivity(design.columns).flatMap((one) => (one.enabled && !one.sensitive ? [[one.id, one] as const] : [])),
  );
  const { derived, steps } = planOf(design);
  const ofColumns = [...derived].flatMap(([column, source]): DesignWarning[] => {
    if (!shown.has(column)) return [];
    const message = `A step makes its values from the sensitive column ${briefJson(source)}, and the column is not sensitive itself, so callers see what was made of them. Set sensitive: true for it too, unless the values tell nothing.`;
    return [{ column, message }];
  });
  const ofLookups = steps.flatMap(({ transformation, target }): DesignWarning[] => {
    if (!target || !shown.has(target.id)) return [];
    const message = lookupMessage(transformation, lookedUp);
    return message === null ? [] : [{ column: target.id, message }];
  });
  return [...ofColumns, ...ofLookups];
}

function lookupMessage(transformation: Transformation, lookedUp: ColumnsOfDatasets): string | null {
  const { step } = transformation;
  if (step.kind !== 'lookup') return null;
  const { dataset, take } = step.settings;
  const columns = lookedUp.get(dataset) ?? [];
  const copies = `The ${namedStep(transformation)} copies the values from dataset ${briefJson(dataset)}`;
  if (withSensitivity(columns).some(({ id, sensitive }) => id === take && sensitive))
    return `${copies}, where ${briefJson(take)} is sensitive, and the column is not, so callers see the values here. Set sensitive: true for it too.`;
  const secured = columns.find(({ securityName }) => securityName !== null);
  if (!secured) return null;
  return `${copies}, where the security name ${briefJson(secured.securityName)} restricts who sees which rows. Here, everyone who sees a row sees the value that was copied into it. Set sensitive: true for the column, or give this dataset a security name that restricts its rows in the same way.`;
}
