import type { FieldNode } from 'graphql';
import type { Dataset } from '../../domain/dataset.js';
import type { Caller } from '../../domain/security/caller.js';
import type { RecordReader } from '../../usecases/record-reader.js';
import type { UseCases } from '../../usecases/use-cases.js';
import type { AnswerRoom } from './answer-room.js';
import { SharedReads } from './shared-reads.js';

/** A page of rows that is read while its dataset is. */
interface PageAhead {
  /** As it was when it was last read. */
  readonly dataset: Dataset;
  readonly page: Promise<unknown>;
}

/** What the resolvers of one operation work with. */
export interface GraphqlContext {
  readonly caller: Caller;
  /** Rejects if the caller turns out not to be valid. Only queries begin before. Null if it is known already. */
  readonly confirmation: Promise<void> | null;
  readonly reader: RecordReader;
  readonly useCases: UseCases;
  readonly requestId: string;
  /** Releases the memory reserved for the request. Call it once the payload is durable, before waiting for the job. */
  readonly releaseBody: () => void;
  /** Reads that the fields of one operation share. */
  readonly shared: SharedReads;
  /** The memory for its pages of rows. */
  readonly room: AnswerRoom;
  /** Its long lists, with a promise for each element: aliases of a field often have the same list. */
  readonly promised: WeakMap<readonly unknown[], readonly Promise<unknown>[]>;
  /** Its pages of rows that are read ahead, by the field that shows them. */
  readonly pagesAhead: WeakMap<FieldNode, PageAhead>;
}

/** The context of one operation of a caller. */
export function contextFor(
  operation: Pick<GraphqlContext, 'caller' | 'confirmation' | 'useCases' | 'requestId' | 'releaseBody' | 'room'>,
): GraphqlContext {
  const { caller, useCases } = operation;
  const reader = useCases.readerFor(caller);
  return {
    ...operation,
    reader,
    shared: new SharedReads(reader, operation.room),
    promised: new WeakMap(),
    pagesAhead: new WeakMap(),
  };
}
