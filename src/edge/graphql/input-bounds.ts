import {
  defaultFieldResolver,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLScalarType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { Extensions } from 'type-graphql';
import { SluiceError } from '../../domain/errors.js';

/*
 * Every text and every list of an input has a bound here, so that nothing beyond it reaches a resolver. Most use cases allow much less, and say so themselves:
 * these bounds hold for what they forget.
 */

/** A text, unless its field declares another bound with {@link longest}. */
const MAX_INPUT_TEXT = 20_000;
/** An id, unless its field declares that it is one of a column with {@link columnId}. */
const MAX_ID = 1_000;
/** The id of a column is the path of its field, and all paths of a sample together have at most as many. */
const MAX_COLUMN_ID = 1_000_000;
const MAX_LIST = 2_000;

/** Declares how many characters a text may have, or each text of a list, where that is not the bound of its type. */
export function longest(characters: number) {
  return Extensions({ longest: characters });
}

/** Declares how many elements a list may have, where that is not the bound of all lists. */
export function mostElements(count: number) {
  return Extensions({ mostElements: count });
}

/** Declares that a field has the id of a column, or several. */
export function columnId() {
  return longest(MAX_COLUMN_ID);
}

type Input = GraphQLArgument | GraphQLInputField;

/** The characters that a text of an input may have; null for values that are no texts, and for JSON, which the body and the use cases bound. Throws for a scalar without a bound. */
function longestText(type: GraphQLScalarType, input: Input): number | null {
  const declared = input.extensions.longest;
  if (typeof declared === 'number') return declared;
  switch (type.name) {
    case 'Int':
    case 'Float':
    case 'Boolean':
    case 'DateTime':
    case 'JSON':
    case 'JSONObject':
      return null;
    case 'ID':
      return MAX_ID;
    case 'String':
    case 'Secret':
      return MAX_INPUT_TEXT;
    default:
      throw new TypeError(`the scalar ${type.name} of ${input.name} has no bound`);
  }
}

/** The elements that a list of an input may have. */
function longestList({ extensions }: Input): number {
  const declared = extensions.mostElements;
  return typeof declared === 'number' ? declared : MAX_LIST;
}

/** Where a value is in the arguments. */
interface Place {
  readonly above: Place | null;
  readonly key: string | number;
}

/** Throws BAD_REQUEST for a value beyond a bound. */
type Check = (value: unknown, place: Place) => void;

/** Makes every field refuse arguments beyond a bound, before its resolver runs. */
export function boundInputs(schema: GraphQLSchema): void {
  const checks = new Checks();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) if (field.args.length > 0) bound(field, checks);
  }
}

function bound(field: GraphQLField<unknown, unknown>, checks: Checks): void {
  const ofArguments = field.args.map((one) => [one.name, checks.of(one.type, one)] as const);
  const refuse = (args: Readonly<Record<string, unknown>>) => {
    for (const [name, check] of ofArguments) check?.(args[name], { above: null, key: name });
  };
  const { resolve = defaultFieldResolver, subscribe } = field;
  // A subscription has its arguments checked once, when it starts.
  if (subscribe) {
    field.subscribe = (source, args, context, info) => {
      refuse(args);
      return subscribe(source, args, context, info);
    };
  } else {
    field.resolve = (source, args, context, info) => {
      refuse(args);
      return resolve(source, args, context, info);
    };
  }
}

/** The checks of the types of inputs; each type has one, since types contain themselves. */
class Checks {
  readonly #ofObjects = new Map<string, Check>();

  /** Null if nothing in it needs a bound. */
  of(type: GraphQLInputType, input: Input): Check | null {
    if (isNonNullType(type)) return this.of(type.ofType, input);
    if (isListType(type)) return checkOfList(this.of(type.ofType, input), longestList(input));
    if (isEnumType(type)) return null;
    if (!isInputObjectType(type)) {
      const most = longestText(type, input);
      return most === null ? null : (value, place) => refuseLong(value, most, place);
    }
    const known = this.#ofObjects.get(type.name);
    if (known) return known;
    let ofFields: readonly (readonly [string, Check | null])[] = [];
    const check: Check = (value, place) => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, ofField] of ofFields) {
        ofField?.((value as Readonly<Record<string, unknown>>)[name], { above: place, key: name });
      }
    };
    this.#ofObjects.set(type.name, check);
    ofFields = Object.values(type.getFields()).map((field) => [field.name, this.of(field.type, field)]);
    return check;
  }
}

function checkOfList(ofElement: Check | null, most: number): Check {
  return (value, place) => {
    if (!Array.isArray(value)) return;
    if (value.length > most) throw tooMuch(place, `${value.length} elements`, most);
    if (ofElement) for (const [key, element] of value.entries()) ofElement(element, { above: place, key });
  };
}

function refuseLong(value: unknown, most: number, place: Place): void {
  if (typeof value === 'string' && value.length > most) throw tooMuch(place, `${value.length} characters`, most);
}

function tooMuch(place: Place, size: string, most: number): SluiceError {
  const field = nameOf(place);
  const expected = `at most ${most}`;
  const message = `${field} has ${size}; ${expected} are allowed; send less`;
  return new SluiceError('BAD_REQUEST', message, { field, expected, actual: size });
}

function nameOf({ above, key }: Place): string {
  if (above === null) return String(key);
  return typeof key === 'number' ? `${nameOf(above)}[${key}]` : `${nameOf(above)}.${key}`;
}
