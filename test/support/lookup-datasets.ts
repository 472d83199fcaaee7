import type { DesignRules } from '../../src/domain/design/design.js';
import type { LookupSettings } from '../../src/domain/lookups/resolve-lookup.js';
import type { ErrorTreatment, GivenTransformation } from '../../src/domain/transform/transformation.js';
import type { LookupSource } from '../../src/ports/lookup-source.js';
import { CALLER, type OpenLaneBench } from './lane.js';

/** An order, as {@link lookupDatasets} has them. */
export const order = (n: number, customer: number | null = n, note = 'x') => ({ order: n, customer, note });

/** Where nothing may be looked up. */
export const NEVER: LookupSource = {
  find: () => {
    throw new Error('nothing was to be looked up');
  },
};

/** How orders look customers up. */
export interface OrderOptions {
  readonly rules?: Partial<DesignRules>;
  readonly onError?: ErrorTreatment;
  readonly required?: boolean;
  /** Whether orders have a unique identifier. */
  readonly identified?: boolean;
}

/** A transformation that creates a column of its own name by a lookup. */
export function lookingUp(
  id: string,
  settings: LookupSettings,
  onError: ErrorTreatment = 'REJECT_RECORD',
): GivenTransformation {
  const step = { kind: 'lookup', settings } as const;
  return { id, name: id, enabled: true, output: { create: id }, onError, replaceWith: null, step };
}

/** Customers with an id and a name, and orders that look up the name. */
export function lookupDatasets(bench: () => OpenLaneBench) {
  async function edit(id: string, change: Omit<Parameters<typeof update>[1], 'expectedRevision'>): Promise<void> {
    const { draftRevision } = await bench().reader.catalog.existingDataset(id);
    await update(id, { ...change, expectedRevision: draftRevision });
  }

  const update = (id: string, request: Parameters<OpenLaneBench['useCases']['designDrafts']['update']>[1]) =>
    bench().useCases.designDrafts.update(id, request, CALLER);

  async function apply(id: string): Promise<void> {
    await bench().useCases.applyChanges(id, CALLER);
    await bench().load(id);
  }

  return {
    edit,
    apply,

    async customers(...names: readonly string[]): Promise<string> {
      const id = await bench().dataset({ id: 1, name: 'x' });
      await edit(id, { columns: [{ id: 'id', uniqueIdentifier: true }] });
      await apply(id);
      await this.name(id, ...names);
      return id;
    },

    /** Gives customers 1, 2 and so on these names. */
    async name(customers: string, ...names: readonly string[]): Promise<void> {
      if (names.length === 0) return;
      await bench().push(
        customers,
        names.map((name, index) => ({ id: index + 1, name })),
      );
      await bench().load(customers);
    },

    async orders(customers: string, options: OrderOptions = {}): Promise<string> {
      const { rules = {}, onError, required, identified = true } = options;
      const id = await bench().dataset({ order: 1, customer: 1, note: 'x' }, rules);
      const by = [{ identifier: 'id', column: 'customer' }];
      const settings = { dataset: customers, by, take: 'name', ...(required !== undefined && { required }) };
      await edit(id, {
        columns: identified ? [{ id: 'order', uniqueIdentifier: true }] : [],
        transformations: [lookingUp('found', settings, onError)],
      });
      await apply(id);
      return id;
    },

    /** What was found, by the number of the order. */
    async found(orders: string): Promise<Record<string, unknown>> {
      const { records } = await bench().contents(orders);
      return Object.fromEntries(records.map(({ order, found }) => [order, found]));
    },
  };
}
