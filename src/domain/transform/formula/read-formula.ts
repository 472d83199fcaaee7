import type { ASTNode, SourceRange } from '@marcbachmann/cel-js';
import { isTimeZone } from '../../design/time-zone.js';
import { compileRegex } from '../regular-expression.js';
import { REPLACED } from './formula-functions.js';

/** A place of a formula that reads a column. */
export interface ColumnRead {
  readonly id: string;
  /** By its name, and not as a field of `row`. */
  readonly variable: boolean;
  /** Whether the formula sees that it is null: read as `row.?id`, or in `has()`. */
  readonly handlesNull: boolean;
  /** Whether it is read for each element of a list. */
  readonly repeated: boolean;
  readonly range: SourceRange;
}

/** What a formula reads and does; `faults` are parts that formulas do not have. */
export interface FormulaReading {
  readonly reads: readonly ColumnRead[];
  readonly faults: readonly { readonly range: SourceRange; readonly message: string }[];
  /** How many parts are evaluated for each element of a list. */
  readonly repeatedNodes: number;
  readonly splits: boolean;
}

const MACROS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const FUNCTIONS = new Set([
  ...REPLACED,
  ...['bool', 'double', 'int', 'string', 'has', 'of', 'none', 'hasValue', 'value', 'or', 'orValue'],
  ...['startsWith', 'endsWith', 'lowerAscii', 'upperAscii', 'trim', ...MACROS],
  ...['abs', 'ceil', 'floor', 'round', 'trunc', 'greatest', 'least'],
]);
const NAMESPACES = new Set(['row', 'optional', 'math']);
const NO_NULL = 'there is no null; test a column with has(row.x), and give no value with optional.none()';

/** Where a part of a formula stands. */
interface Place {
  /** The variables of the macro that it is in. */
  readonly bound: ReadonlySet<string>;
  readonly handlesNull: boolean;
}

interface Call {
  readonly name: string;
  readonly receiver?: ASTNode;
  readonly args: readonly ASTNode[];
}

const TOP: Place = { bound: new Set(), handlesNull: false };

/**
 * Walks a parsed formula before its types are checked. Makes every number a double except where it is the index of a list, renames calls of functions that are replaced,
 * and finds the columns that it reads: `address.city` stands for `row["address.city"]`.
 */
export function readFormula(ast: ASTNode): FormulaReading {
  const reader = new FormulaReader();
  reader.read(ast, TOP);
  return reader;
}

class FormulaReader implements FormulaReading {
  readonly reads: ColumnRead[] = [];
  readonly faults: { range: SourceRange; message: string }[] = [];
  repeatedNodes = 0;
  splits = false;

  read(node: ASTNode, place: Place): void {
    // A macro has one variable, and none is within another.
    this.repeatedNodes += place.bound.size;
    const { op, args } = node;
    if (op === 'value') this.#literal(node);
    else if (op === 'id') this.#name(node, place);
    else if (op === '.' || op === '.?') this.#field(node, place);
    else if (op === '[]' || op === '[?]') this.#element(node, place);
    else if (op === 'call') this.#call(node, { name: args[0], args: args[1] }, place);
    else if (op === 'rcall') this.#call(node, { name: args[0], receiver: args[1], args: args[2] }, place);
    else if (op === 'map') this.#refuse(node, 'formulas have no maps');
    else for (const one of Array.isArray(args) ? args : [args]) this.read(one, place);
  }

  #literal(node: Extract<ASTNode, { op: 'value' }>): void {
    const { args: value } = node;
    if (typeof value === 'bigint') {
      if (BigInt(Number(value)) !== value) this.#refuse(node, 'the number has more digits than a number keeps');
      change(node, Number(value));
    } else if (value === null) this.#refuse(node, NO_NULL);
    else if (typeof value === 'object') this.#refuse(node, 'formulas have no bytes and no unsigned numbers');
  }

  #name(node: Extract<ASTNode, { op: 'id' }>, place: Place): void {
    const { args: id } = node;
    if (place.bound.has(id)) return;
    if (!NAMESPACES.has(id)) this.#column(node, id, place, { variable: true });
    else if (id === 'row') this.#refuse(node, 'row is not a value; read a column of it, such as row.x or row["x y"]');
  }

  #field(node: Extract<ASTNode, { op: '.' | '.?' }>, place: Place): void {
    const [of, field] = node.args;
    const seen = { ...place, handlesNull: place.handlesNull || node.op === '.?' };
    const path = pathOf(node);
    const [root = ''] = path?.split('.') ?? [];
    if (isRow(of, place)) this.#column(node, field, seen, { variable: false });
    else if (path === undefined || place.bound.has(root)) this.read(of, place);
    else {
      node.args[0] = rootOf(node);
      node.args[1] = path;
      change(node.args[0], 'row');
      this.#column(node, path, seen, { variable: false });
    }
  }

  #element(node: Extract<ASTNode, { op: '[]' | '[?]' }>, place: Place): void {
    const [of, index] = node.args;
    const seen = { ...place, handlesNull: place.handlesNull || node.op === '[?]' };
    if (!isRow(of, place)) {
      this.read(of, place);
      if (index.op !== 'value') this.read(index, place);
    } else if (index.op === 'value' && typeof index.args === 'string') {
      this.#column(node, index.args, seen, { variable: false });
    } else this.#refuse(index, 'the id of a column is a text in quotes, such as row["x y"]');
  }

  #call(node: ASTNode, { name, receiver, args }: Call, place: Place): void {
    if (!FUNCTIONS.has(name)) {
      this.#refuse(node, `${name} is not a function of formulas`);
      return;
    }
    if (REPLACED.has(name) && Array.isArray(node.args)) node.args[0] = `${name}_`;
    if (name === 'split') this.splits = true;
    this.#checkTexts(name, args);
    if (receiver) this.read(receiver, place);
    const [first, ...others] = args;
    if (receiver && MACROS.has(name) && first) this.#macro(node, first, others, place);
    else for (const one of args) this.read(one, name === 'has' ? { ...place, handlesNull: true } : place);
  }

  #macro(node: ASTNode, variable: ASTNode, body: readonly ASTNode[], place: Place): void {
    if (place.bound.size > 0) this.#refuse(node, 'a macro cannot be within another; make a column of it before');
    else if (variable.op !== 'id') this.#refuse(variable, 'the first argument is a name for the element');
    else for (const one of body) this.read(one, { ...place, bound: new Set([variable.args]) });
  }

  /** Texts that must be right can be checked when the formula is saved. */
  #checkTexts(name: string, args: readonly ASTNode[]): void {
    const [text] = args;
    if (name === 'matches' && text && text.op !== 'value')
      this.#refuse(text, 'the regular expression is a text in quotes');
    if (text?.op !== 'value' || typeof text.args !== 'string') return;
    const regex = name === 'matches' ? compileRegex(text.args) : null;
    if (typeof regex === 'string') this.#refuse(text, `it ${regex}`);
    if (name.startsWith('get') && !isTimeZone(text.args)) {
      this.#refuse(text, 'it is no time zone; give a name of the IANA database, such as Europe/Berlin');
    }
  }

  #column(
    node: ASTNode,
    id: string,
    { handlesNull, bound }: Place,
    { variable }: { readonly variable: boolean },
  ): void {
    this.reads.push({ id, variable, handlesNull, repeated: bound.size > 0, range: rangeOf(node) });
  }

  #refuse(node: ASTNode, message: string): void {
    this.faults.push({ range: rangeOf(node), message });
  }
}

function isRow(node: ASTNode, { bound }: Place): boolean {
  return node.op === 'id' && node.args === 'row' && !bound.has('row');
}

/** The names of `a.b.c`, if it is one. */
function pathOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args;
  if (node.op !== '.' && node.op !== '.?') return undefined;
  const before = pathOf(node.args[0]);
  return before === undefined ? undefined : `${before}.${node.args[1]}`;
}

function rootOf(node: ASTNode): ASTNode {
  return node.op === '.' || node.op === '.?' ? rootOf(node.args[0]) : node;
}

/** From the first character of the part. The library begins some where their operator is. */
function rangeOf(node: ASTNode): SourceRange {
  const { op, args } = node;
  const first =
    op === 'rcall' ? args[1] : op === '.' || op === '.?' || op === '[]' || op === '[?]' ? args[0] : undefined;
  return { start: Math.min(node.start, first ? rangeOf(first).start : node.start), end: node.end };
}

/** The library's types say that an argument never changes; before types are checked, it may. */
function change(node: ASTNode, args: number | string): void {
  (node as { args: unknown }).args = args;
}
