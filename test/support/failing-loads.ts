import type { Lanes } from '../../src/ports/lane.js';
import type { RecordStore } from '../../src/ports/record-store.js';

/** Fails once, where a worker writes rows, and so after the commit point. */
export function failingOnce(store: Pick<RecordStore, 'writeRows'>): Pick<RecordStore, 'writeRows'> {
  let isFirst = true;
  return {
    writeRows: (...args) => {
      if (!isFirst) return store.writeRows(...args);
      isFirst = false;
      throw new Error('made to fail after the commit point');
    },
  };
}

/** Fails at the commit point, before its effect. */
export const FAILING_COMMIT: Pick<Lanes, 'commit'> = {
  commit: async () => {
    throw new Error('made to fail before the commit point');
  },
};
