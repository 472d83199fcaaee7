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

/** What is known of a thread until it ends. */
interface Running {
  readonly worker: Worker;
  /** Whether it takes requests. */
  isReady: boolean;
  hasPlaces: boolean;
  /** The design that it has compiled. */
  design: CompiledDesign | null;
}

/** A push that the thread has, and nobody else examines. */
interface Pending {
  readonly position: number;
  readonly resolve: (examination: Promise<EncodedExamination> | null) => void;
}

/** A thread that examines one push at a time. It starts when it is first needed, and again after it has ended. */
export class ExaminationThread {
  #running: Running | null = null;
  #pending: Pending | null = null;
  #pausedUntil = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(private readonly deps: ThreadDeps) {}

  /** Whether it will soon take pushes. */
  get isStarting(): boolean {
    return this.#running?.isReady === false;
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
      this.#running ??= this.#start();
      if (!this.#isReadyFor(design, this.#running)) return null;
      return this.#send(this.#running, push, { design, task, maxBytes });
    } catch (error) {
      this.#fail(error);
      return null;
    }
  }

  async end(): Promise<void> {
    this.#pausedUntil = Number.POSITIVE_INFINITY;
    await this.#running?.worker.terminate();
  }

  #start(): Running {
    const { program, data } = this.deps;
    // Sources must be compiled when they are loaded; a thread does not take over how this one does it.
    const asSource = { execArgv: ['--import', '@swc-node/register/esm-register'] };
    const options = { workerData: data, resourceLimits: MEMORY, ...(program.pathname.endsWith('.ts') && asSource) };
    const worker = new Worker(program, options);
    worker.unref();
    const running: Running = { worker, isReady: false, hasPlaces: false, design: null };
    worker.on('message', (reply: Reply) => this.#onReply(reply, running));
    worker.on('messageerror', (error) => this.#fail(error));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#onExit());
    return running;
  }

  /** Places are sent once; to make a finder of them takes a second. */
  #isReadyFor({ places }: CompiledDesign, running: Running): boolean {
    if (!running.isReady) return false;
    if (!places || running.hasPlaces) return true;
    const request: Request = { kind: 'PLACES', shared: places.shared };
    running.worker.postMessage(request);
    clearTimeout(this.#idle);
    running.hasPlaces = true;
    running.isReady = false;
    return false;
  }

  #send(
    running: Running,
    { job: { kind, payload: form, position }, payload }: LoggedPush,
    { design, task, maxBytes }: { design: CompiledDesign; task: ExamineTask; maxBytes: number },
  ): Promise<EncodedExamination | null> {
    const pinned = design === running.design ? null : design.pinned;
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
    running.worker.postMessage(request, [copy.buffer]);
    clearTimeout(this.#idle);
    running.design = design;
    return new Promise((resolve) => {
      this.#pending = { position, resolve };
    });
  }

  #onReply(reply: Reply, running: Running): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void running.worker.terminate(), IDLE_MS).unref();
    if (reply.kind === 'READY') running.isReady = true;
    else if (reply.kind === 'EXAMINED') this.#settle(reply.examined);
    else if (this.#pending) {
      this.deps.reportError(reply.error, 'examining a push in a thread');
      running.design = null;
      this.#settle(null);
    } else this.#fail(reply.error);
  }

  /** Ends the thread. What it had is given back when it has ended. */
  #fail(error: unknown): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + PAUSE_MS);
    this.deps.reportError(error, 'examining pushes in a thread, which starts again in a minute at the earliest');
    void this.#running?.worker.terminate();
  }

  /** Until then, no other one is started. */
  #onExit(): void {
    clearTimeout(this.#idle);
    this.#running = null;
    this.#settle(null);
  }

  #settle(examined: EncodedPayload | null): void {
    const pending = this.#pending;
    this.#pending = null;
    pending?.resolve(examined && inTurns(examinationOf(pending.position, examined)));
  }
}
