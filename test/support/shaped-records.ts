import { atOnce } from '../../src/domain/at-once.js';
import { compiledDesign } from '../../src/domain/design/compiled-design.js';
import { DEFAULT_RULES, type Design } from '../../src/domain/design/design.js';
import { mergeFields, NO_COLUMNS } from '../../src/domain/design/design-from-fields.js';
import type { ColumnPatch } from '../../src/domain/design/edit-design.js';
import { editDesign } from '../../src/domain/design/edit-design.js';
import { SluiceError } from '../../src/domain/errors.js';
import type { JsonObject, JsonValue } from '../../src/domain/json/json-value.js';
import { type PreviewedRecord, startPreview } from '../../src/domain/load/preview-records.js';
import { inferFields } from '../../src/domain/sample/infer-fields.js';
import { NO_ANSWERS } from '../../src/domain/transform/answers.js';
import type { Step } from '../../src/domain/transform/step-kinds.js';
import type { GivenTransformation } from '../../src/domain/transform/transformation.js';

/** A transformation for a test: a step, and settings other than the usual ones. The id is also the name. */
export type Shaping = Partial<GivenTransformation> & { readonly step: Step };

/** A design for a sample with these transformations. Throws INVALID_DESIGN if they have faults. */
export function shapedDesign(
  sample: JsonValue,
  steps: readonly Shaping[],
  columns: readonly ColumnPatch[] = [],
): Design {
  const ids = { datasetId: 'd', connectionId: 'c', sampleVersion: 1, revision: 1 };
  const design: Design = { ...ids, ...DEFAULT_RULES, ...mergeFields(NO_COLUMNS, inferFields(sample)) };
  return editDesign(design, { columns, transformations: steps.map(given) });
}

function given(shaping: Shaping, index: number): GivenTransformation {
  const id = shaping.id ?? `s${index + 1}`;
  const defaults = { name: id, enabled: true, output: null, onError: 'REJECT_RECORD', replaceWith: null } as const;
  return { ...defaults, ...shaping, id };
}

/** What loads under such a design make of records. */
export function shaped(
  sample: JsonValue,
  steps: readonly Shaping[],
  records: readonly JsonObject[],
  columns: readonly ColumnPatch[] = [],
): PreviewedRecord[] {
  const design = compiledDesign({ design: shapedDesign(sample, steps, columns), fields: inferFields(sample) });
  const preview = startPreview(design, { savedAt: new Date(0), answers: NO_ANSWERS });
  return records.map((record, index) => atOnce(preview(record, index)));
}

/** The faults of such a design. */
export function shapingFaults(
  sample: JsonValue,
  steps: readonly Shaping[],
  columns: readonly ColumnPatch[] = [],
): string[] {
  try {
    shapedDesign(sample, steps, columns);
  } catch (error) {
    if (error instanceof SluiceError && error.details.faults) return error.details.faults.map(({ message }) => message);
    throw error;
  }
  return [];
}
