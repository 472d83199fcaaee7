import type { TextSearch } from '../text-search.js';
import { MAX_STEP_WORK, type WorkMeter } from './work-meter.js';

/** What making a part of a text costs, in units of work. */
const WORK_OF_PART = 10;

/** The parts of a text between all occurrences of another. The step fails for millions of them. */
export function partsOfText(text: string, search: TextSearch, work: WorkMeter): readonly string[] {
  const parts = search.split(text, MAX_STEP_WORK / WORK_OF_PART + 1);
  work.spend(WORK_OF_PART * parts.length);
  return parts;
}
