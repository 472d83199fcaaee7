import type { ColumnEffects } from '../design/column-places.js';
import type { Transformation } from './transformation.js';

/** What the enabled steps of a list do to whole columns. */
export function columnEffects(transformations: readonly Transformation[]): ColumnEffects {
  const flattened = new Set<string>();
  const removed = new Map<string, Transformation>();
  for (const transformation of transformations) {
    const { enabled, step } = transformation;
    if (!enabled) continue;
    if (step.kind === 'flatten') flattened.add(step.settings.column);
    if (step.kind === 'removeColumn') removed.set(step.settings.column, transformation);
  }
  return { flattened, removed };
}
