import type { Connection } from '../../domain/connection.js';
import type { Dataset } from '../../domain/dataset.js';
import type { Design } from '../../domain/design/design.js';
import type { DesignChange } from '../../domain/design/design-changes.js';
import type { DesignFault } from '../../domain/design/design-fault.js';
import type { DesignWarning } from '../../domain/design/design-warning.js';
import { validateDesign } from '../../domain/design/validate-design.js';
import type { ErrorSummaryEntry, Job, JobError } from '../../domain/job/job.js';
import type { PushInstructions } from '../../domain/push/push-instructions.js';
import { endTurnIfOver, othersFirst } from '../../event-loop/turns.js';
import type { SampleVersion } from '../../ports/catalog.js';
import type { RecordReader } from '../../usecases/record-reader.js';
import type { AnswerRoom } from './answer-room.js';

/** About what a column, a change or an error takes, beside long texts. */
const BYTES_OF_ONE = 400;

type Find<T> = (design: Design) => T | Promise<T>;

/**
 * Remembers what one operation has read, and what it has found out about designs. A list of a hundred jobs reads their dataset once, and all fields show the same state of it.
 * The catalog keeps designs too, but only as many as it has room for.
 */
export class SharedReads {
  readonly #read = new Map<string, Promise<unknown>>();
  /** What functions have found out about designs. */
  #found = new WeakMap<Design, Map<Find<unknown>, Promise<unknown>>>();

  constructor(
    private readonly reader: Pick<RecordReader, 'catalog' | 'jobs'>,
    private readonly room: AnswerRoom,
  ) {}

  /** Drops what was read. Subscriptions call it for every event, so that each one reads current data. */
  forget(): void {
    this.#read.clear();
    this.#found = new WeakMap();
  }

  connection(id: string): Promise<Connection | null> {
    return this.#once(`connection ${id}`, () => this.reader.catalog.connection(id));
  }

  sample(connection: Connection): Promise<SampleVersion> {
    const { id, sampleVersion } = connection;
    const read = () => this.reader.catalog.sample(connection);
    return this.#once(`sample ${id} ${sampleVersion}`, () => this.#page(read, ({ text }) => text.length));
  }

  /** The commands have the sample. */
  instructions(dataset: Dataset): Promise<PushInstructions> {
    const read = () => this.reader.catalog.pushInstructions(dataset);
    return this.#once(`instructions ${dataset.id}`, () =>
      this.#page(read, ({ postData }) => 2 * (postData?.length ?? 0)),
    );
  }

  datasetOfJob(job: Pick<Job, 'datasetId'>): Promise<Dataset> {
    return this.#once(`dataset of job ${job.datasetId}`, () => this.reader.catalog.datasetOfJob(job));
  }

  design(datasetId: string, revision: number): Promise<Design | null> {
    const read = () => this.reader.catalog.design(datasetId, revision);
    const bytesOf = (found: Design | null) => BYTES_OF_ONE * (found?.columns.length ?? 0);
    return this.#once(`design ${datasetId} ${revision}`, () => this.room.large(read, bytesOf));
  }

  changes(dataset: Dataset): Promise<readonly DesignChange[]> {
    const { id, draftRevision, appliedRevision } = dataset;
    const read = () => this.reader.catalog.changes(dataset);
    const bytesOf = ({ length }: readonly DesignChange[]) => BYTES_OF_ONE * length;
    return this.#once(`changes ${id} ${draftRevision} ${appliedRevision}`, () => this.room.large(read, bytesOf));
  }

  /** Read once, but each field that has them takes memory of its own in the answer. */
  async errorsOf(job: Job): Promise<readonly JobError[]> {
    const read = () => this.room.large(() => this.reader.jobs.errorsOf(job), bytesOfErrors);
    const errors = await this.#once(`errors ${job.id}`, read);
    this.room.again(bytesOfErrors(errors));
    return errors;
  }

  /** As {@link errorsOf}. */
  async errorSummaryOf(job: Job): Promise<readonly ErrorSummaryEntry[]> {
    const read = () => this.room.large(() => this.reader.jobs.errorSummaryOf(job), bytesOfErrors);
    const summary = await this.#once(`summary ${job.id}`, read);
    this.room.again(bytesOfErrors(summary));
    return summary;
  }

  /** What a function finds out about a design. It is called once for each design. */
  ofDesign<T>(design: Design, find: Find<T>): Promise<T> {
    const found = this.#found.get(design) ?? new Map<Find<unknown>, Promise<unknown>>();
    this.#found.set(design, found);
    const known = found.get(find) as Promise<T> | undefined;
    if (known) return known;
    const finding = (async () => {
      await endTurnIfOver();
      return find(design);
    })();
    found.set(find, finding);
    return finding;
  }

  /** What prevents a design from being applied. */
  faults(design: Design): Promise<readonly DesignFault[]> {
    return this.ofDesign(design, faultsOf);
  }

  warnings(design: Design): Promise<readonly DesignWarning[]> {
    return this.ofDesign(design, this.#warningsOf);
  }

  readonly #warningsOf = async (design: Design) => {
    await othersFirst();
    return this.reader.catalog.warnings(design);
  };

  /** Reads what takes memory like a page of rows, such as the text and the fields of a sample. */
  async #page<T>(read: () => Promise<T>, bytesOf: (found: T) => number): Promise<T> {
    const page = await this.room.page(async () => {
      const found = await read();
      return { found, bytes: bytesOf(found) };
    });
    return page.found;
  }

  #once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#read.get(key) as Promise<T> | undefined;
    if (known) return known;
    const started = read();
    this.#read.set(key, started);
    return started;
  }
}

function bytesOfErrors(errors: readonly { readonly pointer?: string | null; readonly message?: string }[]): number {
  return errors.reduce((sum, { pointer, message }) => {
    return sum + BYTES_OF_ONE + (pointer?.length ?? 0) + (message?.length ?? 0);
  }, 0);
}

async function faultsOf(design: Design): Promise<readonly DesignFault[]> {
  await othersFirst();
  return validateDesign(design);
}
