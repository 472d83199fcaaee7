import { Binary, BSON } from 'mongodb';
import { geoPoint } from '../../domain/geo-point.js';
import { type Answer, type Answers, isOfAddress, type LookupAnswer } from '../../domain/transform/answers.js';
import type { AnswerLog, AnswerPart } from '../../ports/answer-log.js';
import type { Collections } from './collections.js';
import type { AnswerPartDocument } from './log-documents.js';
import { keepOfRun } from './run-writes.js';

/** The answer of a lookup as stored: its key, the values, and the faults if there are any. */
interface StoredLookup {
  readonly k: string;
  readonly v: LookupAnswer['values'];
  readonly f?: NonNullable<LookupAnswer['faults']>;
}

/** The answer to an address as stored: its key, longitude and latitude or null, and the fault if there is one. */
interface StoredAddress {
  readonly k: string;
  readonly p: readonly [lon: number, lat: number] | null;
  readonly e?: string;
}

type StoredAnswer = StoredLookup | StoredAddress;

/** The answer log on MongoDB: one document for each part. */
export function mongoAnswerLog({ answers }: Pick<Collections, 'answers'>): AnswerLog {
  async function readNumbered(jobIds: readonly string[], part: number): Promise<AnswerPart[]> {
    const found = await answers.find({ _id: { $in: jobIds.map((id) => partId(id, part)) } }).toArray();
    return found.map(toPart);
  }

  return {
    async keep({ runToken, datasetId }, parts) {
      await keepOfRun(
        answers,
        runToken,
        parts.map((part) => toDocument(part, datasetId)),
      );
    },

    async read(jobIds) {
      const found = new Map<string, Answers>();
      let left = jobIds;
      for (let part = 0; left.length > 0; part += 1) {
        const parts = await readNumbered(left, part);
        for (const { jobId, answers: more } of parts) found.set(jobId, new Map([...(found.get(jobId) ?? []), ...more]));
        left = parts.flatMap(({ jobId, isLast }) => (isLast ? [] : [jobId]));
      }
      return found;
    },

    async readPart(jobId, part) {
      const [found] = await readNumbered([jobId], part);
      return found ?? null;
    },
  };
}

function partId(jobId: string, part: number): string {
  return `${jobId}/${part}`;
}

function toDocument(
  { jobId, part, isLast, through, answers }: AnswerPart,
  datasetId: string,
): Omit<AnswerPartDocument, 'runToken'> {
  const stored = [...answers].map(toStored);
  const bytes = new Binary(BSON.serialize({ stored }));
  return { _id: partId(jobId, part), datasetId, through, last: isLast, bytes };
}

function toPart({ _id, through, last: isLast, bytes }: AnswerPartDocument): AnswerPart {
  const slash = _id.lastIndexOf('/');
  const { stored } = BSON.deserialize(bytes.value()) as { stored: readonly StoredAnswer[] };
  const answers = new Map(stored.map((one): [string, Answer] => [one.k, fromStored(one)]));
  return { jobId: _id.slice(0, slash), part: Number(_id.slice(slash + 1)), isLast, through, answers };
}

function toStored([k, answer]: readonly [string, Answer]): StoredAnswer {
  if (!isOfAddress(answer)) return { k, v: answer.values, ...(answer.faults && { f: answer.faults }) };
  const { point, fault } = answer;
  return { k, p: point && [point.lon, point.lat], ...(fault !== undefined && { e: fault }) };
}

function fromStored(stored: StoredAnswer): Answer {
  if ('v' in stored) return { values: stored.v, ...(stored.f && { faults: stored.f }) };
  const { p, e } = stored;
  return { point: p && geoPoint(p[1], p[0]), ...(e !== undefined && { fault: e }) };
}
