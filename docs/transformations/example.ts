/** A worked example of one kind of step. The page shows it, and a test runs it over the GraphQL API. */
export interface Example {
  /** The step in GraphQL, as a user writes it in `TransformationInput.step`. */
  readonly step: string;
  /** Records as they are pushed, each with what the step makes of it. Together they are the sample of the dataset. */
  readonly records: readonly (MadeValue | MadeRows)[];
  /** When the records are saved, if that matters. */
  readonly savedAt?: string;
  /** The rows of the dataset that the step looks up, under the id "customers". Its unique identifier is `id`. */
  readonly customers?: readonly JsonObject[];
}

/** A step that creates a column, and its value in the record's row. */
export interface MadeValue {
  readonly record: JsonObject;
  readonly value: Json;
}

/** A step without an output, and the rows of the record after it. */
export interface MadeRows {
  readonly record: JsonObject;
  readonly rows: readonly JsonObject[];
}

/** Kinds of steps that are described together, by their names in the API. */
export interface Family {
  readonly title: string;
  readonly examples: Readonly<Record<string, Example>>;
}

type Json = string | number | boolean | null | readonly Json[] | JsonObject;

interface JsonObject {
  readonly [key: string]: Json;
}
