import { SluiceError } from '../domain/errors.js';
import { notFound } from './checks.js';
import type { Deps } from './deps.js';

/** Deletes a connection and returns its id. Throws NOT_FOUND, and IN_USE if a dataset is built on it. */
export function deleteConnection({ catalog }: Pick<Deps, 'catalog'>) {
  return async (id: string): Promise<string> => {
    const result = await catalog.deleteConnection(id);
    if (result === 'NOT_FOUND') throw notFound('connection', id);
    if (result === 'IN_USE') {
      throw new SluiceError('IN_USE', 'a dataset is built on this connection; delete its datasets first');
    }
    return id;
  };
}
