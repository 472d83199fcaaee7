import { EventEmitter } from 'node:events';
import type { StatusNudges } from '../../ports/status-nudges.js';

/** Nudges within one process. */
export function memoryStatusNudges(): StatusNudges {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  return {
    nudge: (datasetId) => void emitter.emit(`dataset:${datasetId}`),
    listen(datasetId, listener) {
      emitter.on(`dataset:${datasetId}`, listener);
      return () => void emitter.off(`dataset:${datasetId}`, listener);
    },
  };
}
