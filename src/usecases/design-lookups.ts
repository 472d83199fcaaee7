import type { Dataset } from '../domain/dataset.js';
import type { Design } from '../domain/design/design.js';
import type { DesignFault } from '../domain/design/design-fault.js';
import { briefJson } from '../domain/json/stringify-json.js';
import {
  type LookupFault,
  type LookupSettings,
  type ResolvedLookup,
  resolveLookup,
} from '../domain/lookups/resolve-lookup.js';
import { lookedUpDatasets } from '../domain/lookups/wanted-columns.js';
import { type Caller, forbidden, requireArea } from '../domain/security/caller.js';
import { faultOfStep, type GivenTransformation } from '../domain/transform/transformation.js';
import type { Catalog } from '../ports/catalog.js';

type LookupCatalog = Pick<Catalog, 'findDataset' | 'findDesign'>;

/**
 * Reads from the other datasets what the lookups of these transformations take from them, and puts it, or why they cannot be looked up, into their settings. Throws FORBIDDEN if the
 * caller may not read one of the datasets, whether or not it exists.
 */
export async function withLookups<T extends Pick<GivenTransformation, 'step'>>(
  catalog: LookupCatalog,
  datasetId: string,
  transformations: readonly T[],
  caller: Caller,
): Promise<readonly T[]> {
  const resolver = new LookupResolver(catalog, datasetId, caller);
  const resolved: T[] = [];
  for (const one of transformations) {
    const { step } = one;
    if (step.kind !== 'lookup') resolved.push(one);
    else {
      const settings = { ...step.settings, resolved: await resolver.resolve(step.settings) };
      resolved.push({ ...one, step: { kind: 'lookup', settings } });
    }
  }
  return resolved;
}

/** The lookups of a saved design that can no longer be applied, because the other datasets have changed since. */
export async function lookupFaults(
  catalog: LookupCatalog,
  { datasetId, transformations }: Pick<Design, 'datasetId' | 'transformations'>,
  caller: Caller,
): Promise<readonly DesignFault[]> {
  const now = await withLookups(catalog, datasetId, transformations, caller);
  return transformations.flatMap((transformation, index): DesignFault[] => {
    const { enabled, step } = transformation;
    const after = now[index]?.step;
    if (!enabled || step.kind !== 'lookup' || after?.kind !== 'lookup') return [];
    const { resolved } = after.settings;
    const what =
      resolved && 'fault' in resolved
        ? resolved.fault
        : `dataset is ${briefJson(step.settings.dataset)}, whose columns have changed since the design was saved; save the transformations again`;
    const isSame = JSON.stringify(resolved) === JSON.stringify(step.settings.resolved);
    return isSame ? [] : [faultOfStep(transformation, 'step', what)];
  });
}

class LookupResolver {
  readonly #datasets = new Map<string, Promise<Design | LookupFault>>();

  constructor(
    private readonly catalog: LookupCatalog,
    private readonly datasetId: string,
    private readonly caller: Caller,
  ) {}

  async resolve(settings: LookupSettings): Promise<ResolvedLookup | LookupFault> {
    const { dataset } = settings;
    const design = this.#datasets.get(dataset) ?? this.#appliedDesign(dataset);
    this.#datasets.set(dataset, design);
    const found = await design;
    return 'fault' in found ? found : resolveLookup(settings, found.columns);
  }

  async #appliedDesign(id: string): Promise<Design | LookupFault> {
    const named = `dataset is ${briefJson(id)}`;
    if (id === this.datasetId) return { fault: `${named}, which is this dataset; look up another one` };
    refuseRestricted(this.caller, id);
    const dataset = await this.catalog.findDataset(id);
    if (!dataset) return { fault: `${named}, and there is no such dataset; give the id of a dataset` };
    const { appliedRevision } = dataset;
    if (appliedRevision === null)
      return { fault: `${named}, which has no applied design yet; apply its changes first` };
    const chain = await this.#chainBack(dataset);
    if (chain) return { fault: `${named}: ${cycleOf(chain)}` };
    const design = await this.catalog.findDesign(id, appliedRevision);
    return design ?? { fault: `${named}, whose design changes at the same time; save again` };
  }

  /** The chain of lookups from a dataset back to this one, through drafts and applied designs; null if there is none. */
  async #chainBack(first: Dataset): Promise<readonly string[] | null> {
    const waiting: { readonly dataset: Dataset; readonly chain: readonly string[] }[] = [
      { dataset: first, chain: [first.id] },
    ];
    const seen = new Set([first.id]);
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { dataset, chain } = next;
      for (const id of await this.#lookedUpBy(dataset)) {
        if (id === this.datasetId) return chain;
        if (seen.has(id)) continue;
        seen.add(id);
        const found = await this.catalog.findDataset(id);
        if (found) waiting.push({ dataset: found, chain: [...chain, id] });
      }
    }
    return null;
  }

  async #lookedUpBy({ id, draftRevision, appliedRevision }: Dataset): Promise<readonly string[]> {
    const revisions = new Set([draftRevision, appliedRevision ?? draftRevision]);
    const designs = await Promise.all([...revisions].map((revision) => this.catalog.findDesign(id, revision)));
    return designs.flatMap((design) => lookedUpDatasets(design?.transformations ?? []));
  }
}

/** Lookups read all rows, so whoever saves one must see all rows of the dataset, and its design. */
function refuseRestricted(caller: Caller, datasetId: string): void {
  requireArea(caller, 'DESIGNS', datasetId);
  if (caller.access.restrictionOf(datasetId) === null) return;
  throw forbidden(caller, 'may not read all rows of a dataset that a step looks up');
}

function cycleOf([first, ...others]: readonly string[]): string {
  const through = others.map((id) => `dataset ${briefJson(id)}, which looks up `).join('');
  return `dataset ${briefJson(first)} looks up ${through}this dataset; datasets must not look each other up in a circle`;
}
