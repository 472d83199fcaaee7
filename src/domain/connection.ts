import type { SourceField } from './sample/source-field.js';

/** Where records come from: a name and a sample of them. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly type: 'PUSH_API';
  /** The sample as JSON text, numbers as they were written. */
  readonly sample: string;
  /** 1 for the first sample, one more for every other. */
  readonly sampleVersion: number;
  readonly fields: readonly SourceField[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
