import type { Connection } from '../../domain/connection.js';
import type { Dataset } from '../../domain/dataset.js';
import type { Design } from '../../domain/design/design.js';
import type { DesignChange } from '../../domain/design/design-changes.js';
import type { DesignFault } from '../../domain/design/design-fault.js';
import type { DesignWarning } from '../../domain/design/design-warning.js';
import { validateDesign } from '../../domain/design/validate-design.js';
import type { Job } from '../../domain/job/job.js';
import type { Caller } from '../../domain/security/caller.js';
import { othersFirst } from '../../event-loop/turns.js';
import type { RecordReader } from '../../usecases/record-reader.js';
import type { UseCases } from '../../usecases/use-cases.js';
import type { AnswerRoom } from './answer-room.js';

/** What the resolvers of one operation work with. */
export interface GraphqlContext {
  readonly caller: Caller;
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
}

/** The context of one operation of a caller. */
export function contextFor(
  operation: Pick<GraphqlContext, 'caller' | 'useCases' | 'requestId' | 'releaseBody' | 'room'>,
): GraphqlContext {
  const { caller, useCases } = operation;
  const reader = useCases.readerFor(caller);
  return {
    ...operation,
    reader,
    shared: new SharedReads(reader),
    promised: new WeakMap(),
  };
}

/** Remembers what was read, and what was found out about it, so that a list of a hundred jobs reads their dataset once. */
export class SharedReads {
  readonly #reads = new Map<string, Promise<unknown>>();

  constructor(private readonly reader: RecordReader) {}

  /** Drops what was read. Subscriptions call it for every event, so that each one reads current data. */
  forget(): void {
    this.#reads.clear();
  }

  connection(id: string): Promise<Connection | null> {
    return this.#once(`connection ${id}`, () => this.reader.catalog.connection(id));
  }

  dataset(id: string): Promise<Dataset> {
    return this.#once(`dataset ${id}`, () => this.reader.catalog.existingDataset(id));
  }

  datasetOfJob(job: Pick<Job, 'datasetId'>): Promise<Dataset> {
    return this.#once(`dataset ${job.datasetId}`, () => this.reader.catalog.datasetOfJob(job));
  }

  design(datasetId: string, revision: number): Promise<Design | null> {
    return this.#once(`design ${datasetId} ${revision}`, () => this.reader.catalog.design(datasetId, revision));
  }

  /** What a design gives by a function, found out once. `what` names it. */
  ofDesign<T>(what: string, design: Design, of: (design: Design) => T): Promise<T> {
    return this.#once(`${what} ${design.datasetId} ${design.revision}`, async () => of(design));
  }

  /** What prevents a design from being applied. */
  faults(design: Design): Promise<readonly DesignFault[]> {
    return this.#once(`faults ${design.datasetId} ${design.revision}`, async () => {
      await othersFirst();
      return validateDesign(design);
    });
  }

  warnings(design: Design): Promise<readonly DesignWarning[]> {
    return this.#once(`warnings ${design.datasetId} ${design.revision}`, () => this.reader.catalog.warnings(design));
  }

  changes(dataset: Dataset): Promise<readonly DesignChange[]> {
    const { id, draftRevision, appliedRevision } = dataset;
    return this.#once(`changes ${id} ${draftRevision} ${appliedRevision}`, () => this.reader.catalog.changes(dataset));
  }

  #once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#reads.get(key) as Promise<T> | undefined;
    if (known) return known;
    const started = read();
    this.#reads.set(key, started);
    return started;
  }
}
