import type { SourceField } from './sample/source-field.js';

/** Where records come from: a name and a sample of them, which may be large and is read by itself. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly type: 'PUSH_API';
  /** 1 for the first sample, plus one for every later one. */
  readonly sampleVersion: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface SampledConnection extends Connection {
  /** The sample as JSON text; numbers keep all digits. */
  readonly sample: string;
  readonly fields: readonly SourceField[];
}
