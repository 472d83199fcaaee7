import type { Collection, Db, Document, MongoClient } from 'mongodb';
import { inFlight } from './measure.js';

/** What a user writes without Sluice: a thousand documents a call, a few calls at a time. */
const DOCUMENTS_IN_A_CALL = 1_000;
const CALLS = 4;

/** A document whose id is the one of its record. */
interface Named {
  readonly _id: string;
}

/** Writes to MongoDB with the driver, with majority write concern: the baseline that Sluice is compared with. */
export class RawMongodb {
  #next = 0;

  constructor(
    private readonly mongo: MongoClient,
    readonly url: string,
  ) {}

  /** The database of the service, or another one on the same mongod. */
  database(name = 'sluice'): Db {
    return this.mongo.db(name);
  }

  /** A collection that exists and is empty. */
  async collection<T extends Document = Document>(): Promise<Collection<T>> {
    this.#next += 1;
    return this.mongo.db('raw').createCollection<T>(`rows${this.#next}`);
  }

  /** So many of them. */
  async collections(count: number): Promise<Collection[]> {
    const all: Collection[] = [];
    await inFlight(count, CALLS, async () => all.push(await this.collection()));
    return all;
  }

  /** Inserts these documents as fast as it can. */
  async insertAll(into: Collection, documents: readonly Document[]): Promise<void> {
    await inFlight(Math.ceil(documents.length / DOCUMENTS_IN_A_CALL), CALLS, (n) =>
      into.insertMany(
        batch(documents, n).map((document) => ({ ...document })),
        { ordered: false },
      ),
    );
  }

  /** Sets the fields of stored documents, found by `_id`. */
  async upsertAll<T extends Document>(into: Collection<Named>, documents: readonly T[], idOf: (document: T) => string) {
    await inFlight(Math.ceil(documents.length / DOCUMENTS_IN_A_CALL), CALLS, (n) =>
      into.bulkWrite(
        batch(documents, n).map((document) => ({
          updateOne: { filter: { _id: idOf(document) }, update: { $set: { ...document } }, upsert: true },
        })),
        { ordered: false },
      ),
    );
  }

  /** CPU time that mongod has used so far. */
  async cpuMs(): Promise<number> {
    const { extra_info: info } = await this.mongo.db('admin').command({ serverStatus: 1 });
    return (Number(info.user_time_us) + Number(info.system_time_us)) / 1_000;
  }

  /** Removes what the baseline has written. */
  async clear(): Promise<void> {
    await this.mongo.db('raw').dropDatabase();
  }
}

function batch<T>(documents: readonly T[], n: number): readonly T[] {
  return documents.slice(n * DOCUMENTS_IN_A_CALL, (n + 1) * DOCUMENTS_IN_A_CALL);
}
