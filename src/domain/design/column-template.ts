/** A template with `{{column id}}` tokens, taken apart: the ids of its tokens, and the text before, between and after them. */
export interface ColumnTemplate {
  readonly ids: readonly string[];
  readonly texts: readonly string[];
}

/**
 * A `\` in an id stands before another character always, so that `\}` is free to stand for a `}`. What is not closed is matched up to the end, without the
 * second group: looked for again from every `{`, it would take the square of the length.
 */
const TOKEN = /\{\{((?:\\[\s\S]|[^\\])*?)(?:(\}\})|\\?$)/g;

/** Takes a template apart; `columns` holds the ids of all columns. */
export function templateOf(template: string, columns: Pick<ReadonlyMap<string, unknown>, 'has'>): ColumnTemplate {
  const ids: string[] = [];
  const texts: string[] = [];
  let read = 0;
  for (const { 0: token, 1: written = '', 2: end, index } of template.matchAll(TOKEN)) {
    if (end === undefined) break;
    texts.push(template.slice(read, index));
    ids.push(idOf(written, columns));
    read = index + token.length;
  }
  texts.push(template.slice(read));
  return { ids, texts };
}

/** Spaces around an id are passed over, unless they are a column's own. */
function idOf(written: string, columns: Pick<ReadonlyMap<string, unknown>, 'has'>): string {
  const id = written.replace(/\\([\s\S])/g, (pair, character) => (character === '}' ? '}' : pair));
  return columns.has(id) ? id : id.trim();
}

/** What is wrong with the texts of a template, as the end of a sentence about it; null where nothing is. */
export function openTokenFault(texts: readonly string[]): string | null {
  if (!texts.some((text) => text.includes('{{') || text.includes('}}'))) return null;
  return 'holds {{ or }} without the other; a token is {{column id}}, a } in an id written \\}';
}
