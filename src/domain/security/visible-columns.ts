import type { Column } from '../design/column.js';
import { columnsById } from '../design/column-pointer.js';
import { templateOf } from '../design/column-template.js';
import { withSensitivity } from '../design/sensitive-columns.js';

/**
 * The columns that callers who may not manage the dataset see: those that are enabled and not sensitive. For these callers the design has no others. A link with a token of
 * another column is left out.
 */
export function visibleColumns(columns: readonly Column[]): readonly Column[] {
  const visible = withSensitivity(columns).filter(({ enabled, sensitive }) => enabled && !sensitive);
  const ids = new Set(visible.map(({ id }) => id));
  const byId = columnsById(columns);
  return visible.map((column) => {
    const { link } = column;
    if (!link) return column;
    const tokens = [link.url, link.title ?? ''].flatMap((template) => templateOf(template, byId).ids);
    return tokens.every((id) => ids.has(id)) ? column : { ...column, link: null };
  });
}
