import {
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
} from 'graphql';
import type { Example, Family, MadeRows, MadeValue } from './example.js';
import { type Described, listOf, sharedTypes } from './settings.js';

const INTRODUCTION = `# Transformations

<!-- Written by \`npm run docs\` from schema/schema.graphql and the examples in docs/transformations. Change those. -->

A design has an ordered list of transformations. Each sees what the ones before it made. [designs.md](designs.md#transformations) shows how to change the list and preview
it, and says how it is checked.`;

const EXAMPLES = `The examples below are run by a test. The sample of each consists of its records. Where an example shows values, its output is \`{ create: "result" }\`, and they are the
values of that column. Where it shows rows, it has no output, and they are all rows that the records become.`;

/** Writes the page about transformations: every kind of step, with its settings and an example. Throws if a kind of step has no example, or an example no kind of step. */
export function transformationsPage(
  schema: GraphQLSchema,
  families: readonly Family[],
  geolocations: Readonly<Record<string, Example>>,
): string {
  const steps = inputOf(schema, 'StepInput').getFields();
  refuseGaps(Object.keys(steps), families);
  const shared = sharedTypes(Object.values(steps));
  const entry = listOf(inputOf(schema, 'TransformationInput'), shared, { without: ['step'] });
  const firstWith = new Map<string, string>();
  const sections = families.flatMap(({ title, examples }) => [
    `## ${title}\n\n${tableOf(Object.keys(examples).map((name) => fieldOf(steps, name)))}`,
    ...Object.entries(examples).map(([name, example]) =>
      sectionOf(fieldOf(steps, name), example, { shared, firstWith }),
    ),
  ]);
  return [
    INTRODUCTION,
    `An entry of the list has a \`step\`, one of those below, and:\n\n${entry.join('\n')}`,
    EXAMPLES,
    ...sections,
    geolocationsSection(schema, geolocations),
    '## Settings of several steps',
    ...shared.map((type) => `### ${type.name}\n\n${type.description}\n\n${listOf(type, shared).join('\n')}`),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Geolocations have a list of their own in the design. */
function geolocationsSection(schema: GraphQLSchema, geolocations: Readonly<Record<string, Example>>): string {
  const input = inputOf(schema, 'GeolocationInput');
  const examples = Object.entries(geolocations).map(([name, example]) => {
    const field = fieldOf(input.getFields(), name);
    return `### ${name}\n\n${field.description}\n\n\`\`\`graphql\n${example.step}\n\`\`\`\n\n${resultsOf(example)}`;
  });
  const introduction = `The list \`geolocations\` of a design runs after its transformations. ${input.description} An entry has:`;
  return ['## Geolocations', introduction, listOf(input, []).join('\n'), ...examples].join('\n\n');
}

interface Known {
  readonly shared: readonly Described[];
  /** The first step with each input. */
  readonly firstWith: Map<string, string>;
}

function sectionOf(field: GraphQLInputField, example: Example, known: Known): string {
  const settings = settingsOf(field, known);
  const { step, savedAt } = example;
  const saved = savedAt === undefined ? '' : `Saved at ${savedAt}:\n\n`;
  return `### ${field.name}\n\n${field.description}\n\n${settings}\n\n\`\`\`graphql\n${step}\n\`\`\`\n\n${saved}${resultsOf(example)}`;
}

function settingsOf({ name, type }: GraphQLInputField, { shared, firstWith }: Known): string {
  const input = getNamedType(type);
  if (!isInputObjectType(input)) throw new Error(`the step ${name} has no settings`);
  const first = firstWith.get(input.name);
  if (first !== undefined) return `Its settings are those of [${first}](#${first.toLowerCase()}).`;
  firstWith.set(input.name, name);
  return listOf(input, shared).join('\n');
}

/** One row for each step: the first sentence of its description, and what it gives. */
function tableOf(steps: readonly GraphQLInputField[]): string {
  const rows = steps.map(({ name, description }) => {
    const [first = ''] = (description ?? '').split(/(?<=\.) (?=[A-Z0-9])/);
    const given = /Gives (?:the )?((?:type |[A-Z]{4})[^.:]*)\./.exec(description ?? '')?.[1];
    return rowOf([`[${name}](#${name.toLowerCase()})`, first, given ?? 'rows']);
  });
  return [rowOf(['step', 'what it does', 'gives']), '|---|---|---|', ...rows].join('\n');
}

function resultsOf({ records, customers }: Example): string {
  const title = records.some((one) => 'rows' in one) ? 'rows' : 'value';
  const rows = records.map((one) => rowOf([codeOf(one.record), resultOf(one)]));
  const table = [rowOf(['record', title]), '|---|---|', ...rows].join('\n');
  if (!customers) return table;
  return `The dataset "customers", whose unique identifier is \`id\`, has the rows ${customers.map(codeOf).join(', ')}.\n\n${table}`;
}

function resultOf(made: MadeValue | MadeRows): string {
  if ('value' in made) return codeOf(made.value);
  return made.rows.length === 0 ? 'none' : made.rows.map(codeOf).join('<br>');
}

/** JSON on one line, with spaces. */
function codeOf(value: unknown): string {
  return `\`${JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ')}\``;
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function refuseGaps(steps: readonly string[], families: readonly Family[]): void {
  const shown = families.flatMap(({ examples }) => Object.keys(examples));
  const missing = steps.filter((name) => !shown.includes(name));
  if (missing.length > 0) throw new Error(`docs/transformations has no example of ${missing.join(', ')}; add one each`);
  const unknown = shown.filter((name) => !steps.includes(name));
  if (unknown.length > 0) throw new Error(`docs/transformations has examples of ${unknown.join(', ')}: no such step`);
}

function inputOf(schema: GraphQLSchema, name: string): GraphQLInputObjectType {
  const type = schema.getType(name);
  if (!isInputObjectType(type)) throw new Error(`the schema has no input ${name}`);
  return type;
}

function fieldOf(fields: Readonly<Record<string, GraphQLInputField>>, name: string): GraphQLInputField {
  const field = fields[name];
  if (!field) throw new Error(`the schema has no field ${name}`);
  return field;
}
