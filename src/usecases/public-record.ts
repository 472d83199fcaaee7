import type { Column } from '../domain/design/column.js';
import type { FinishedLink, FinishLinks } from '../domain/design/column-link.js';
import { publicValues } from '../domain/design/public-values.js';
import type { WriteValues } from '../domain/design/values-json.js';
import type { WrittenJson } from '../domain/json/json-value.js';
import type { Row } from '../ports/row-writes.js';

/** How the rows of a page are shown. */
export interface Showing {
  readonly columns: readonly Column[];
  readonly writeValues: WriteValues;
  readonly finishLinks: FinishLinks;
}

/** One stored row as users see it. Its values and links are made when they are first read: a query that does not select them does not pay for them. */
export class PublicRecord {
  readonly id: string;
  readonly recordId: string;
  readonly savedAt: Date;
  #valuesById: Record<string, unknown> | undefined;
  #values: WrittenJson | undefined;
  #links: Record<string, FinishedLink> | undefined;

  constructor(
    private readonly row: Row,
    private readonly showing: Showing,
  ) {
    this.id = row.id;
    this.recordId = row.recordId;
    this.savedAt = row.savedAt;
  }

  /** As JSON, by column id. */
  get values(): WrittenJson {
    this.#values ??= this.showing.writeValues(this.row.values);
    return this.#values;
  }

  get valuesById(): Record<string, unknown> {
    this.#valuesById ??= publicValues(this.showing.columns, this.row.values);
    return this.#valuesById;
  }

  /** By column id. */
  get links(): Record<string, FinishedLink> {
    this.#links ??= this.showing.finishLinks(this.valuesById);
    return this.#links;
  }
}
