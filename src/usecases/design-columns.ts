import type { Dataset } from '../domain/dataset.js';
import type { Column } from '../domain/design/column.js';
import type { Catalog } from '../ports/catalog.js';

/**
 * Reads the columns of designs, for one operation: what a caller sees is decided by them several times, and each time could cost a read. A revision of a design never changes, so no
 * permission is ever compiled against an old one. Keeps one design a dataset.
 */
export class DesignColumns {
  readonly #kept = new Map<string, { readonly revision: number; readonly columns: Promise<readonly Column[]> }>();

  constructor(private readonly catalog: Pick<Catalog, 'findDesign'>) {}

  /** The columns of a revision of a dataset's design; none if it does not exist. */
  of({ id }: Pick<Dataset, 'id'>, revision: number): Promise<readonly Column[]> {
    const kept = this.#kept.get(id);
    if (kept?.revision === revision) return kept.columns;
    const columns = this.catalog.findDesign(id, revision).then((design) => design?.columns ?? []);
    columns.catch(() => this.#kept.delete(id));
    this.#kept.set(id, { revision, columns });
    return columns;
  }
}
