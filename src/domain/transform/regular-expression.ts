import { type Matcher, RE2JS, RE2JSException } from 're2js';
import { StepError } from './step-error.js';
import type { WorkMeter } from './work-meter.js';

const MAX_PATTERN = 1_000;
/** What counts is the compiled form: about the characters of the pattern, with repetitions written out. */
const MAX_PATTERN_SIZE = 500;
const MAX_REGEX_STEPS = 10_000_000;
const MAX_READS_OF_CHARACTER = 16;
/** Reads that any text may take, however short it is. */
const FREE_READS = 10_000;
/** One search reads a character at most so often for each instruction of its program, and for two more. */
const READS_OF_INSTRUCTION = 4;
const MAX_KEPT_PATTERNS = 200;
/** The library's code for a search that may begin anywhere. */
const UNANCHORED = 0;

const kept = new Map<string, RE2JS>();

/**
 * Compiles a regular expression in RE2 syntax, or a literal text as one. Returns a text that says what is wrong with it, as the end of a sentence, if it is not one. The
 * latest ones are kept, since a design is checked often.
 */
export function compileRegex(source: string, { caseSensitive = true, literal = false } = {}): RE2JS | string {
  if (source.length > MAX_PATTERN) return `has ${source.length} characters; at most ${MAX_PATTERN} are allowed`;
  const key = `${caseSensitive} ${literal} ${source}`;
  const known = kept.get(key);
  const regex = known ?? compiled(literal ? RE2JS.quote(source) : source, caseSensitive);
  if (typeof regex === 'string') return regex;
  kept.delete(key);
  kept.set(key, regex);
  for (const [oldest] of kept) {
    if (kept.size <= MAX_KEPT_PATTERNS) break;
    kept.delete(oldest);
  }
  return regex;
}

function compiled(source: string, caseSensitive: boolean): RE2JS | string {
  try {
    const regex = RE2JS.compile(source, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
    const size = regex.programSize();
    if (size <= MAX_PATTERN_SIZE) return regex;
    return `has the size ${size}, with repetitions written out; at most ${MAX_PATTERN_SIZE} is allowed`;
  } catch (error) {
    if (error instanceof RE2JSException) return `is no regular expression in RE2 syntax (${error.message})`;
    throw error;
  }
}

/**
 * Calls `run` with a matcher of a text; null if nothing matches. One match takes linear time, but all matches of a text may take its square: `a*b|a` reads up to
 * the end for each `a`. So reading is metered, and an error if it takes more than is allowed: by a count, not by a clock, so that every attempt ends alike. `work` notes it.
 */
export function withMatcher<T>(
  regex: RE2JS,
  text: string,
  work: WorkMeter,
  run: (matcher: Matcher) => T,
): T | StepError | null {
  const size = regex.programSize();
  const reads = Math.min(FREE_READS + text.length * MAX_READS_OF_CHARACTER, MAX_REGEX_STEPS / size);
  // The library takes String objects, though its types do not say so.
  const counted = new MeteredText(text, reads);
  const metered = counted as unknown as string;
  try {
    return regex.test(metered) ? run(regex.matcher(metered)) : null;
  } catch (error) {
    if (error instanceof ReadTooOften) return tooMuchWork(text);
    throw error;
  } finally {
    work.note((reads - counted.left) * size);
  }
}

/**
 * The text of a group in the first match; null if nothing matches, or the group does not. A text so short that one search cannot take too many reads is searched
 * once and not metered, which takes a third of the time.
 */
export function firstMatch(regex: RE2JS, text: string, group: number, work: WorkMeter): string | StepError | null {
  const mostReads = READS_OF_INSTRUCTION * (regex.programSize() + 2) * (text.length + 1);
  if (mostReads > FREE_READS)
    return withMatcher(regex, text, work, (matcher) => (matcher.find() ? matcher.group(group) : null));
  work.note(text.length);
  const [isFound, ends] = regex.re2().matchWithGroup(text, 0, text.length, UNANCHORED, group + 1);
  const start: number = isFound ? ends[2 * group] : -1;
  return start < 0 ? null : text.slice(start, ends[2 * group + 1]);
}

function tooMuchWork({ length }: string): StepError {
  return new StepError(
    `the regular expression takes too many steps on this text of ${length} characters; shorten the text in a step before, or write a pattern whose matches end sooner`,
  );
}

class ReadTooOften extends Error {}

/** A text that counts how often its characters are read. */
class MeteredText extends String {
  constructor(
    /** Reading it takes a third of the time that reading this object's own characters does. */
    private readonly text: string,
    public left: number,
  ) {
    super(text);
  }

  override charCodeAt(at: number): number {
    this.left -= 1;
    if (this.left < 0) throw new ReadTooOften();
    return this.text.charCodeAt(at);
  }
}
