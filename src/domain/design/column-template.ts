/** A parsed template with `{{column id}}` tokens: the ids of its tokens, and the texts before, between and after them. */
export interface ColumnTemplate {
  readonly ids: readonly string[];
  readonly texts: readonly string[];
}

/**
 * In an id, a `\` and the next character belong together, so that `\}` means a `}`. A token that is not closed matches up to the end of the text, without the second group.
 * Otherwise the search would start again at every `{` and take quadratic time.
 */
const TOKEN = /\{\{((?:\\[\s\S]|[^\\])*?)(?:(\}\})|\\?$)/g;

/** Parses a template. `columns` has the ids of all columns. */
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

/** Spaces around an id are ignored, unless a column's id has them. */
function idOf(written: string, columns: Pick<ReadonlyMap<string, unknown>, 'has'>): string {
  const id = written.replace(/\\([\s\S])/g, (pair, character) => (character === '}' ? '}' : pair));
  return columns.has(id) ? id : id.trim();
}

/** The fault of a token that is not opened or not closed, as the end of a sentence about the template; null if there is none. */
export function openTokenFault(texts: readonly string[]): string | null {
  if (!texts.some((text) => text.includes('{{') || text.includes('}}'))) return null;
  return 'has {{ or }} without the other; write a token as {{column id}}, and a } in an id as \\}';
}
