import { BoundedCache } from '../domain/bounded-cache.js';
import { type CompiledDesign, compiledWithPlaces } from '../domain/design/compiled-design.js';
import { valueSize } from '../domain/value-size.js';
import type { Catalog } from '../ports/catalog.js';
import type { OfflineGeocoder } from '../ports/geocoder.js';

/** About what they take in memory together: {@link valueSize} counts for a design twice what it takes, which leaves room for what is compiled from it. */
const MAX_COMPILED_BYTES = 64 * 1024 * 1024;

/** Compiles the designs that loads use, and caches the most recently used ones. Without an offline geocoder, addresses are asked for. */
export class CompiledDesigns {
  readonly #kept = new BoundedCache<CompiledDesign>(MAX_COMPILED_BYTES, ({ pinned }) => valueSize(pinned));

  constructor(
    private readonly catalog: Pick<Catalog, 'findDesign' | 'findSample'>,
    private readonly geocoder: OfflineGeocoder | null,
  ) {}

  async of(datasetId: string, revision: number): Promise<CompiledDesign> {
    const id = `${datasetId}:${revision}`;
    const kept = this.#kept.get(id);
    if (kept) return kept;
    const compiled = await this.#compile(datasetId, revision);
    this.#kept.put(id, compiled);
    return compiled;
  }

  async #compile(datasetId: string, revision: number): Promise<CompiledDesign> {
    const design = await this.catalog.findDesign(datasetId, revision);
    const sample = design && (await this.catalog.findSample(design.connectionId, design.sampleVersion));
    if (!design || !sample) throw new Error(`design ${revision} of dataset ${datasetId} is incomplete in the catalog`);
    return compiledWithPlaces({ design, fields: sample.fields }, this.geocoder);
  }
}
