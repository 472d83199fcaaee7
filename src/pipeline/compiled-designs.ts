import { type CompiledDesign, compiledWithPlaces } from '../domain/design/compiled-design.js';
import type { Catalog } from '../ports/catalog.js';
import type { OfflineGeocoder } from '../ports/geocoder.js';

const MAX_KEPT = 200;

/** Compiles the designs that loads use, and caches the most recently used ones. Without an offline geocoder, addresses are asked for. */
export class CompiledDesigns {
  readonly #kept = new Map<string, CompiledDesign>();

  constructor(
    private readonly catalog: Pick<Catalog, 'findDesign' | 'findSample'>,
    private readonly geocoder: OfflineGeocoder | null,
  ) {}

  async of(datasetId: string, revision: number): Promise<CompiledDesign> {
    const id = `${datasetId}:${revision}`;
    const compiled = this.#kept.get(id) ?? (await this.#compile(datasetId, revision));
    this.#kept.delete(id);
    this.#kept.set(id, compiled);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return compiled;
  }

  async #compile(datasetId: string, revision: number): Promise<CompiledDesign> {
    const design = await this.catalog.findDesign(datasetId, revision);
    const sample = design && (await this.catalog.findSample(design.connectionId, design.sampleVersion));
    if (!design || !sample) throw new Error(`design ${revision} of dataset ${datasetId} is incomplete in the catalog`);
    return compiledWithPlaces({ design, fields: sample.fields }, this.geocoder);
  }
}
