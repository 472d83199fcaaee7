import type { Connection } from '../domain/connection.js';
import { readSample, type SampleInput } from '../domain/sample/read-sample.js';
import { checkedName } from './checks.js';
import type { Deps } from './deps.js';

export interface CreateConnectionRequest {
  readonly name: string;
  readonly sample: SampleInput;
}

/** Stores a connection under its name and sample. Throws INVALID_SAMPLE when the sample cannot be inferred from. */
export function createConnection({ catalog, clock, newId }: Pick<Deps, 'catalog' | 'clock' | 'newId'>) {
  return async (request: CreateConnectionRequest): Promise<Connection> => {
    const name = checkedName(request.name, 'input.name');
    const { text, fields } = readSample(request.sample);
    const now = clock.now();
    const connection: Connection = {
      id: newId(),
      name,
      type: 'PUSH_API',
      sample: text,
      sampleVersion: 1,
      fields,
      createdAt: now,
      updatedAt: now,
    };
    await catalog.insertConnection(connection);
    return connection;
  };
}
