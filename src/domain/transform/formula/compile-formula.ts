import { type Environment, ParseError, type ParseResult, type SourceRange } from '@marcbachmann/cel-js';
import type { StoredValue } from '../../design/stored-value.js';
import { briefJson } from '../../json/stringify-json.js';
import type { ColumnType } from '../../sample/source-field.js';
import type { Read } from '../step-context.js';
import type { StepInputs } from '../step-inputs.js';
import { FORMULA_ENVIRONMENT, MAX_FORMULA_SOURCE } from './formula-environment.js';
import { type ColumnRead, type FormulaReading, readFormula } from './read-formula.js';

/** The types of the language for columns, both ways. */
const TYPES: Readonly<Record<string, ColumnType>> = {
  string: 'TEXT',
  double: 'NUMERIC',
  bool: 'BOOLEAN',
  'google.protobuf.Timestamp': 'DATETIME',
  'list<string>': 'TEXT_ARRAY',
  'list<double>': 'NUMERIC_ARRAY',
  'list<bool>': 'BOOLEAN_ARRAY',
  'list<google.protobuf.Timestamp>': 'DATETIME_ARRAY',
};
const TYPE_NAMES = new Map(Object.entries(TYPES).map(([name, type]) => [type, name]));

/** A place that reads a column, with the way to its value. */
export interface FormulaInput extends ColumnRead {
  readonly value: Read<StoredValue>;
}

/** A formula that has been checked against the columns. */
export interface CompiledFormula {
  readonly type: ColumnType;
  readonly run: (context: Readonly<Record<string, unknown>>) => unknown;
  readonly inputs: readonly FormulaInput[];
  readonly reading: FormulaReading;
}

/** Checks a formula and compiles it; undefined if it has a fault, which `inputs` then has with its range in the source. */
export function compileFormula(source: string, inputs: StepInputs): CompiledFormula | undefined {
  if (source.length > MAX_FORMULA_SOURCE) {
    inputs.refuse(`source has ${source.length} characters; at most ${MAX_FORMULA_SOURCE} are allowed`);
    return undefined;
  }
  const refuse = (range: SourceRange, fault: string) => inputs.refuse(`${placeOf(source, range)}: ${fault}`);
  const before = inputs.faults.length;
  const parsed = parse(source, FORMULA_ENVIRONMENT, refuse);
  if (!parsed) return undefined;
  const { reads } = readFormula(parsed.ast);
  const columns = reads.map((one) => {
    const setting = placeOf(source, one.range);
    const found = inputs.ofTypes<StoredValue>(one.id, [...TYPE_NAMES.keys()], setting);
    return { ...one, value: found.read, type: TYPE_NAMES.get(found.type ?? 'TEXT') ?? 'dyn' };
  });
  const environment = FORMULA_ENVIRONMENT.clone();
  for (const { variable, id, range } of columns) {
    if (variable && FORMULA_ENVIRONMENT.hasVariable(id))
      refuse(range, `it is a word of the language; write row[${briefJson(id)}]`);
  }
  if (inputs.faults.length > before) return undefined;
  declare(environment, columns);
  return checked(source, environment, columns, inputs);
}

function checked(
  source: string,
  environment: Environment,
  columns: readonly FormulaInput[],
  inputs: StepInputs,
): CompiledFormula | undefined {
  const refuse = (range: SourceRange, fault: string) => inputs.refuse(`${placeOf(source, range)}: ${fault}`);
  const run = parse(source, environment, refuse);
  if (!run) return undefined;
  const reading = readFormula(run.ast);
  for (const { range, message } of reading.faults) refuse(range, message);
  if (reading.faults.length > 0) return undefined;
  const { error, type: name = '' } = run.check();
  if (error) {
    refuse(error.range ?? { start: 0, end: source.length }, plain(error.summary));
    return undefined;
  }
  const resultType = /^optional<(.*)>$/.exec(name)?.[1] ?? name;
  const type = TYPES[resultType.replace(/\bint\b/, 'double')];
  if (type) return { type, run, inputs: columns, reading };
  inputs.refuse(`source gives ${name}; a column is of ${Object.keys(TYPES).join(', ')}`);
  return undefined;
}

/** Declares the columns that a formula reads, as variables and as fields of `row`. */
function declare(environment: Environment, columns: readonly (FormulaInput & { readonly type: string })[]): void {
  const fields: Record<string, string> = {};
  for (const { id, variable, type } of columns) {
    fields[id] = type;
    if (variable && !environment.hasVariable(id)) environment.registerVariable(id, type);
  }
  environment.registerType('Row', { fields });
  environment.registerVariable('row', 'Row');
}

function parse(
  source: string,
  environment: Environment,
  refuse: (range: SourceRange, fault: string) => void,
): ParseResult | undefined {
  try {
    return environment.parse(source);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    refuse(error.range ?? { start: 0, end: source.length }, plain(error.summary));
    return undefined;
  }
}

/** Without the names of functions that stand in for others, and as a part of a sentence. */
function plain(summary: string): string {
  return summary.replace(/(\w)_\(/g, '$1(');
}

/** A range for people, who count from 1. */
function placeOf(source: string, { start, end }: SourceRange): string {
  const last = Math.max(start + 1, end);
  return `source, characters ${start + 1} to ${last}, ${briefJson(source.slice(start, last))}`;
}
