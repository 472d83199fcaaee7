import { compileConversion } from '../domain/design/convert-record.js';
import type { MismatchPolicy } from '../domain/design/design.js';
import type { StoredValues } from '../domain/design/stored-value.js';
import type { JsonObject } from '../domain/json/json-value.js';
import { compileStructureCheck, type StructureCheck } from '../domain/sample/structure-check.js';
import type { Catalog } from '../ports/catalog.js';
import type { Lease } from '../ports/lane.js';

/** A design made ready for records: compiled once, used for every push under it. */
export interface CompiledDesign {
  /** Holds a record against the structure of the sample that the design pins. */
  readonly check: StructureCheck;
  /** The values of a record that passed the check, by stored key. */
  readonly mismatchPolicy: MismatchPolicy;
  readonly convert: (record: JsonObject) => StoredValues;
}

const MAX_KEPT = 200;

/** Compiles the designs that loads use and keeps the ones used last. */
export class CompiledDesigns {
  readonly #kept = new Map<string, CompiledDesign>();

  constructor(private readonly catalog: Pick<Catalog, 'findDesign' | 'findSample'>) {}

  /** The applied design of the lane's dataset. */
  async of({ datasetId, appliedRevision }: Lease): Promise<CompiledDesign> {
    const id = `${datasetId}:${appliedRevision}`;
    const compiled = this.#kept.get(id) ?? (await this.#compile(datasetId, appliedRevision));
    this.#kept.delete(id);
    this.#kept.set(id, compiled);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return compiled;
  }

  async #compile(datasetId: string, revision: number): Promise<CompiledDesign> {
    const design = await this.catalog.findDesign(datasetId, revision);
    const sample = design && (await this.catalog.findSample(design.connectionId, design.sampleVersion));
    if (!design || !sample) throw new Error(`design ${revision} of dataset ${datasetId} is not whole in the catalog`);
    const { columns, mismatchPolicy } = design;
    return { check: compileStructureCheck(sample.fields), convert: compileConversion(columns), mismatchPolicy };
  }
}
