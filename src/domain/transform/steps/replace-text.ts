import type { Matcher, RE2JS } from 're2js';
import { briefJson } from '../../json/stringify-json.js';
import { TextSearch } from '../../text-search.js';
import { partsOfText } from '../parts-of-text.js';
import { compileRegex, withMatcher } from '../regular-expression.js';
import { MAX_RESULT_TEXT, textTooLong } from '../result-limits.js';
import type { StepError } from '../step-error.js';
import type { StepInputs } from '../step-inputs.js';
import type { StepKind } from '../step-kind.js';
import type { WorkMeter } from '../work-meter.js';

export const SEARCH_MODES = ['LITERAL', 'REGEX'] as const;
export type SearchMode = (typeof SEARCH_MODES)[number];

/** Replaces every place where something stands in a text. */
export interface ReplaceTextStep {
  readonly column: string;
  readonly search: string;
  readonly mode: SearchMode;
  readonly caseSensitive: boolean;
  readonly replacement: string;
}

/** What taking a match apart costs, in units of work, beside the characters that the search reads. */
const WORK_OF_MATCH = 130;
const GROUP = /\$(?:(\$)|(\d)|\{(\w+)\})?/g;

type Replace = (text: string, work: WorkMeter) => string | StepError | null;

export const replaceText: StepKind<ReplaceTextStep> = {
  plan(step, inputs) {
    const read = inputs.text(step.column);
    const replace = step.mode === 'LITERAL' && step.caseSensitive ? literally(step, inputs) : byRegex(step, inputs);
    return {
      type: 'TEXT',
      compute(row, context) {
        const text = read(row, context);
        return text === null ? null : replace(text, context.work);
      },
    };
  },
};

function literally({ search, replacement }: ReplaceTextStep, inputs: StepInputs): Replace {
  inputs.words(search, 'search', 1);
  inputs.words(replacement, 'replacement');
  if (search === '') return () => null;
  const sought = new TextSearch(search);
  return (text, work) => {
    if (sought.indexIn(text) === -1) return text;
    const parts = partsOfText(text, sought, work);
    const length = text.length + (parts.length - 1) * (replacement.length - search.length);
    return length > MAX_RESULT_TEXT ? textTooLong() : parts.join(replacement);
  };
}

function byRegex({ search, mode, caseSensitive, replacement }: ReplaceTextStep, inputs: StepInputs): Replace {
  inputs.words(search, 'search', 1);
  inputs.words(replacement, 'replacement');
  const regex = compileRegex(search, { caseSensitive, literal: mode === 'LITERAL' });
  if (typeof regex === 'string') {
    inputs.refuse(`search ${regex}`);
    return () => null;
  }
  const parts = mode === 'LITERAL' ? [replacement] : partsOf(replacement, regex, inputs);
  return (text, work) => withMatcher(regex, text, work, (matcher) => replacedBy(matcher, text, parts, work)) ?? text;
}

/** A replacement taken apart: texts, and the numbers of groups. */
function partsOf(replacement: string, regex: RE2JS, inputs: StepInputs): readonly (string | number)[] {
  const parts: (string | number)[] = [];
  let read = 0;
  for (const { 0: token, 1: dollar, 2: digit, 3: name, index } of replacement.matchAll(GROUP)) {
    parts.push(replacement.slice(read, index));
    read = index + token.length;
    const group = groupOf(digit ?? name, regex);
    if (dollar !== undefined) parts.push('$');
    else if (group !== null) parts.push(group);
    else if (token === '$') inputs.refuse('replacement has a $ that names no group; write $$ for a dollar sign');
    else inputs.refuse(`replacement has ${briefJson(token)}, and search has no such group; $0 is the whole match`);
  }
  parts.push(replacement.slice(read));
  return parts.filter((part) => part !== '');
}

function groupOf(written: string | undefined, regex: RE2JS): number | null {
  if (written === undefined) return null;
  const names = regex.namedGroups();
  if (Object.hasOwn(names, written)) return names[written] ?? null;
  return /^\d{1,4}$/.test(written) && Number(written) <= regex.groupCount() ? Number(written) : null;
}

function replacedBy(
  matches: Matcher,
  text: string,
  parts: readonly (string | number)[],
  work: WorkMeter,
): string | StepError {
  // Not a sum of texts: the engine would keep all its parts, which may take 60 times the memory of the result.
  const result: string[] = [];
  let [length, done] = [0, 0];
  const add = (text: string) => {
    result.push(text);
    length += text.length;
  };
  while (matches.find()) {
    work.spend(WORK_OF_MATCH);
    add(text.slice(done, matches.start()));
    done = matches.end();
    for (const part of parts) {
      add(typeof part === 'string' ? part : (matches.group(part) ?? ''));
      if (length > MAX_RESULT_TEXT) return textTooLong();
    }
  }
  add(text.slice(done));
  return result.join('');
}
