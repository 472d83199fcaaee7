import { Worker } from 'node:worker_threads';
import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { type EncodedExamination, type EncodedPayload, examinationOf } from '../../domain/load/encoded-payload.js';
import type { ExamineTask } from '../../domain/load/examined-payload.js';
import { inTurns } from '../../event-loop/turns.js';
import type { LoggedPush } from '../../ports/push-log.js';
import type { Reply, Request, ThreadData } from './messages.js';

/** A thread that has had nothing to do for so long ends, and gives its memory back. */
const IDLE_MS = 60_000;
/** So long after a failure, the thread does not start again. */
const PAUSE_MS = 60_000;
const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 48 };

export interface ThreadDeps {
  /** The program of the thread. */
  readonly program: URL;
  readonly data: ThreadData;
  readonly reportError: (error: unknown, doing: string) => void;
}

/** A push that the thread has, and nobody else examines. */
interface Pending {
  readonly position: number;
  readonly resolve: (examination: Promise<EncodedExamination> | null) => void;
}

/** A thread that examines one push at a time. It starts when it is first needed, and again after it has ended. */
export class ExaminationThread {
  #worker: Worker | null = null;
  #isReady = false;
  #pending: Pending | null = null;
  /** The design that the thread has compiled. */
  #design: CompiledDesign | null = null;
  #hasPlaces = false;
  #pausedUntil = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(private readonly deps: ThreadDeps) {}

  /** Whether it will soon take pushes. */
  get isStarting(): boolean {
    return this.#worker !== null && !this.#isReady;
  }

  /** See `ExaminationThreads`. */
  examine(
    push: LoggedPush,
    design: CompiledDesign,
    task: ExamineTask,
    maxBytes: number,
  ): Promise<EncodedExamination | null> | null {
    if (performance.now() < this.#pausedUntil || this.#pending) return null;
    try {
      this.#worker ??= this.#start();
      if (!this.#isReadyFor(design, this.#worker)) return null;
      return this.#send(this.#worker, push, { design, task, maxBytes });
    } catch (error) {
      this.#fail(error);
      return null;
    }
  }

  async end(): Promise<void> {
    this.#pausedUntil = Number.POSITIVE_INFINITY;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const { program, data } = this.deps;
    // Sources must be compiled when they are loaded; a thread does not take over how this one does it.
    const asSource = { execArgv: ['--import', '@swc-node/register/esm-register'] };
    const options = { workerData: data, resourceLimits: MEMORY, ...(program.pathname.endsWith('.ts') && asSource) };
    const worker = new Worker(program, options);
    worker.unref();
    worker.on('message', (reply: Reply) => this.#onReply(reply));
    worker.on('messageerror', (error) => this.#fail(error));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#onExit(worker));
    return worker;
  }

  /** Places are sent once; to make a finder of them takes a second. */
  #isReadyFor({ places }: CompiledDesign, worker: Worker): boolean {
    if (!this.#isReady) return false;
    if (!places || this.#hasPlaces) return true;
    const request: Request = { kind: 'PLACES', shared: places.shared };
    worker.postMessage(request);
    clearTimeout(this.#idle);
    this.#hasPlaces = true;
    this.#isReady = false;
    return false;
  }

  #send(
    worker: Worker,
    { job: { kind, payload: form, position }, payload }: LoggedPush,
    { design, task, maxBytes }: { design: CompiledDesign; task: ExamineTask; maxBytes: number },
  ): Promise<EncodedExamination | null> {
    const pinned = design === this.#design ? null : design.pinned;
    // A copy, since the payload is used here afterwards, and may be a part of other memory.
    const copy = new Uint8Array(payload);
    const request: Request = {
      kind: 'EXAMINE',
      design: pinned,
      job: { kind, payload: form },
      payload: copy,
      task,
      maxBytes,
    };
    worker.postMessage(request, [copy.buffer]);
    clearTimeout(this.#idle);
    this.#design = design;
    return new Promise((resolve) => {
      this.#pending = { position, resolve };
    });
  }

  #onReply(reply: Reply): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#worker?.terminate(), IDLE_MS).unref();
    if (reply.kind === 'READY') this.#isReady = true;
    else if (reply.kind === 'EXAMINED') this.#settle(reply.examined);
    else if (this.#pending) {
      this.deps.reportError(reply.error, 'examining a push in a thread');
      this.#design = null;
      this.#settle(null);
    } else this.#fail(reply.error);
  }

  /** Ends the thread. What it had is given back when it has ended. */
  #fail(error: unknown): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + PAUSE_MS);
    this.deps.reportError(error, 'examining pushes in a thread, which starts again in a minute at the earliest');
    void this.#worker?.terminate();
  }

  #onExit(worker: Worker): void {
    if (this.#worker !== worker) return;
    clearTimeout(this.#idle);
    this.#worker = null;
    this.#design = null;
    this.#hasPlaces = false;
    this.#isReady = false;
    this.#settle(null);
  }

  #settle(examined: EncodedPayload | null): void {
    const pending = this.#pending;
    this.#pending = null;
    pending?.resolve(examined && inTurns(examinationOf(pending.position, examined)));
  }
}
