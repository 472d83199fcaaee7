import type { SampledConnection } from '../domain/connection.js';
import { readSampleInSlices, type SampleInput } from '../domain/sample/read-sample.js';
import { inTurns } from '../event-loop/turns.js';
import { checkedName } from './checks.js';
import type { Deps } from './deps.js';

export interface CreateConnectionRequest {
  readonly name: string;
  readonly sample: SampleInput;
}

/** Creates a connection from a name and a sample. Throws INVALID_SAMPLE if no fields can be inferred from the sample, and BAD_REQUEST for a bad name. */
export function createConnection(deps: Pick<Deps, 'catalog' | 'clock' | 'newId'>) {
  return async (request: CreateConnectionRequest): Promise<SampledConnection> => {
    const connection = await newConnection(deps, request);
    await deps.catalog.insertConnection(connection);
    return connection;
  };
}

/** Makes a connection without storing it. Throws INVALID_SAMPLE and BAD_REQUEST. */
export async function newConnection(
  { clock, newId }: Pick<Deps, 'clock' | 'newId'>,
  request: CreateConnectionRequest,
): Promise<SampledConnection> {
  const name = checkedName(request.name, 'input.name');
  const { text, fields } = await inTurns(readSampleInSlices(request.sample));
  const now = clock.now();
  const described = { type: 'PUSH_API', sample: text, sampleVersion: 1, fields } as const;
  return { id: newId(), name, ...described, createdAt: now, updatedAt: now };
}
