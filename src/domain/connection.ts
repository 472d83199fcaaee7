import type { SourceField } from './sample/source-field.js';

/** Where records come from: a name and a sample of them. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly type: 'PUSH_API';
  /** The sample as JSON text; numbers keep all digits. */
  readonly sample: string;
  /** 1 for the first sample, plus one for every later one. */
  readonly sampleVersion: number;
  readonly fields: readonly SourceField[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
