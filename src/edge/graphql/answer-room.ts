import { setTimeout } from 'node:timers/promises';
import { SluiceError } from '../../domain/errors.js';
import { endTurn } from '../../event-loop/turns.js';
import type { MemoryBudget, Release } from '../../ports/memory-budget.js';
import { clientIsGone } from '../request-body.js';

/** About what a page of rows may take in memory, in all its forms, before it is read. */
const BYTES_OF_PAGE = 48 * 1024 * 1024;
/** What the pages of one operation may take together, before its answer is sent. */
const MAX_BYTES_OF_PAGES = 96 * 1024 * 1024;
/** The same for a design, and for the errors of a job. */
const BYTES_OF_LARGE = 24 * 1024 * 1024;
/** What takes no more than this is not held: most designs are small. */
const BYTES_NOT_HELD = 16 * 1024;
/** How long an operation waits for the memory that others hold. */
const LONGEST_WAIT_MS = 10_000;
/** The values of a page, their JSON, and the bytes that are sent. */
const FORMS = 3;
/** What a text may have before it counts: pages of rows reserve about what their text takes, and most other answers are short. */
export const BYTES_OF_SHORT_TEXT = 1024 * 1024;

/**
 * The memory for the pages of rows of one operation, and for what else it reads that may be large. It is reserved before a page is read and held until the answer is sent: a client that asks for many pages, or does not read its answers, would
 * otherwise fill the memory. An operation reads one page at a time.
 */
export class AnswerRoom {
  #bytes = 0;
  #reading: Promise<unknown> = Promise.resolve();
  #ended = false;
  readonly #parts: Release[] = [];
  /** What lists take that the answer has once more. */
  readonly #repeats: Release[] = [];
  #bytesOfRepeats = 0;
  #repeatsRefused = false;

  constructor(
    private readonly memory: MemoryBudget,
    private readonly longestWaitMs = LONGEST_WAIT_MS,
  ) {}

  /** Reads a page once there is room. Throws BAD_REQUEST if the pages of the operation are too large, and BACK_PRESSURE if there is no room for a further page of it. */
  page<T extends { readonly bytes: number }>(read: () => Promise<T>): Promise<T> {
    return this.#afterOthers(() => this.#read(read, BYTES_OF_PAGE));
  }

  /** Reads something else that may be large, in the same way and in a turn of its own. `bytesOf`: about what it takes in memory. The read must not read anything else in this room. */
  async large<T>(read: () => Promise<T>, bytesOf: (found: T) => number): Promise<T> {
    const counted = async () => {
      const found = await read();
      // It is decoded in one go.
      await endTurn();
      return { found, bytes: bytesOf(found) };
    };
    return (await this.#afterOthers(() => this.#read(counted, BYTES_OF_LARGE))).found;
  }

  /**
   * Holds at least so many bytes from now on, its pages included. Never waits: those that hold memory could all wait for each other. Throws BACK_PRESSURE if there is no room, and
   * then holds what it held before.
   */
  growTo(bytes: number): void {
    if (bytes <= this.#bytes) return;
    const release = this.#tryGrow(bytes - this.#bytes);
    if (!release) throw noRoom();
    this.#parts.push(release);
  }

  /**
   * Holds what a list of so many bytes takes once more, for a further field of the answer that has it. Throws as {@link growTo} does, from then on for each list, and releases what the
   * others took: answers that grow at the same time would otherwise all be refused.
   */
  again(bytes: number): void {
    const more = FORMS * bytes;
    if (more <= BYTES_NOT_HELD) return;
    const release = this.#repeatsRefused ? null : this.#tryGrow(more);
    if (!release) {
      this.#repeatsRefused = true;
      this.#endRepeats();
      throw noRoom();
    }
    this.#repeats.push(release);
    this.#bytesOfRepeats += more;
  }

  /** Holds what a text of so many bytes takes while it is written and sent: an answer may have a value many times, by aliases. Throws as {@link growTo} does. */
  holdText(bytes: number): void {
    this.growTo(FORMS * Math.max(0, bytes - BYTES_OF_SHORT_TEXT));
  }

  #afterOthers<T>(read: () => Promise<T>): Promise<T> {
    const reading = this.#reading.then(read, read);
    // It must not keep what was read in memory.
    this.#reading = reading.then(
      () => undefined,
      () => undefined,
    );
    return reading;
  }

  /** Releases the memory: the answer is sent, or its client is gone. */
  end(): void {
    this.#ended = true;
    this.restart();
  }

  /** Begins the next answer of a subscription. */
  restart(): void {
    this.#endRepeats();
    this.#repeatsRefused = false;
    this.#bytes = 0;
    for (const release of this.#parts.splice(0)) release();
  }

  #endRepeats(): void {
    this.#bytes -= this.#bytesOfRepeats;
    this.#bytesOfRepeats = 0;
    for (const release of this.#repeats.splice(0)) release();
  }

  /** Never waits. Returns null if there is no room. */
  #tryGrow(more: number): Release | null {
    if (this.#ended) throw clientIsGone();
    const release = this.memory.tryReserve(more, this.#bytes);
    if (release) this.#bytes += more;
    return release;
  }

  async #read<T extends { readonly bytes: number }>(read: () => Promise<T>, most: number): Promise<T> {
    if (this.#bytes + most > MAX_BYTES_OF_PAGES) throw tooLarge();
    const release = await this.#roomFor(most);
    try {
      const page = await read();
      this.#hold(Math.min(FORMS * page.bytes, most), release);
      return page;
    } catch (error) {
      release();
      throw error;
    }
  }

  async #roomFor(bytes: number): Promise<Release> {
    const release = this.memory.tryReserve(bytes) ?? (await this.#waitForRoom(bytes));
    if (!release) throw noRoom();
    if (!this.#ended) return release;
    release();
    throw clientIsGone();
  }

  /** Those that hold a page do not wait for another: they could all wait for each other. */
  async #waitForRoom(bytes: number): Promise<Release | null> {
    if (this.#bytes > 0) return null;
    const room = this.memory.reserve(bytes);
    const over = new AbortController();
    const inTime = await Promise.race([
      room,
      setTimeout(this.longestWaitMs, null, { signal: over.signal, ref: false }),
    ]);
    over.abort();
    if (!inTime) void room.then((late) => late());
    return inTime;
  }

  #hold(bytes: number, release: Release): void {
    if (bytes <= BYTES_NOT_HELD) return void release(0);
    this.#bytes += bytes;
    release(this.#ended ? 0 : bytes);
    this.#parts.push(release);
  }
}

/** Finds the room of an answer whose text is to be written. The libraries give only the answer then, in a new object, but with the same `data`. */
export class RoomsOfAnswers {
  readonly #rooms = new WeakMap<object, AnswerRoom>();

  /** Call it before the text is written. An answer without data is short and gets no room. */
  put(answer: Answer, room: AnswerRoom): void {
    if (answer.data) this.#rooms.set(answer.data, room);
  }

  /** The room of an answer, once; undefined if it has no data. To leave it here would keep it in memory for longer. */
  take({ data }: Answer): AnswerRoom | undefined {
    const room = data ? this.#rooms.get(data) : undefined;
    if (data) this.#rooms.delete(data);
    return room;
  }
}

interface Answer {
  readonly data?: object | null | undefined;
}

function noRoom(): SluiceError {
  const message = 'the service is answering as much as its memory allows; ask again, for less in one request';
  return new SluiceError('BACK_PRESSURE', message, { retryAfterSeconds: 1 });
}

function tooLarge(): SluiceError {
  const message = `what this operation reads, such as pages of rows, is too large together; ask for it in several requests`;
  return new SluiceError('BAD_REQUEST', message, { field: 'query' });
}
