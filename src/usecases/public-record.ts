import type { Column } from '../domain/design/column.js';
import type { FinishedLink, FinishLinks } from '../domain/design/column-link.js';
import { publicValues } from '../domain/design/public-values.js';
import type { Row } from '../ports/record-store.js';

/** One stored row as users see it. Its values and links are made when they are first read: a query that does not select them does not pay for them. */
export class PublicRecord {
  readonly id: string;
  readonly recordId: string;
  readonly savedAt: Date;
  #values: Record<string, unknown> | undefined;
  #links: Record<string, FinishedLink> | undefined;

  constructor(
    private readonly row: Row,
    private readonly columns: readonly Column[],
    private readonly finishLinks: FinishLinks,
  ) {
    this.id = row.id;
    this.recordId = row.recordId;
    this.savedAt = row.savedAt;
  }

  /** By column id. */
  get values(): Record<string, unknown> {
    this.#values ??= publicValues(this.columns, this.row.values);
    return this.#values;
  }

  /** By column id. */
  get links(): Record<string, FinishedLink> {
    this.#links ??= this.finishLinks(this.values);
    return this.#links;
  }
}
