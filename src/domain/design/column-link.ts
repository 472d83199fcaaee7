import type { Column, ColumnLink } from './design.js';

/** A link of one record, its values filled in. */
export interface FinishedLink {
  readonly url: string;
  readonly title: string | null;
}

/** The links of a record, from its values as users see them; columns without a link are left out. */
export type FinishLinks = (values: Readonly<Record<string, unknown>>) => Record<string, FinishedLink>;

const MAX_URL = 2_000;
const MAX_TITLE = 500;
/** Scheme and host, up to where the path, the query or the fragment begins. */
const HTTP_ORIGIN = /^https?:\/\/[^/?#\\\s{}]+(?=[/?#]|$)/i;
const MAILTO = /^mailto:/i;
const TOKEN = /\{\{(.*?)\}\}/gs;

/** What is wrong with a link, for people, one text a fault; `columns` are those of the design. */
export function linkFaults({ url, title }: ColumnLink, columns: readonly Column[]): string[] {
  const faults: string[] = [];
  if (url.length > MAX_URL) faults.push(`the URL has ${url.length} characters; at most ${MAX_URL} are allowed`);
  if ((title?.length ?? 0) > MAX_TITLE) faults.push(`the title has more than ${MAX_TITLE} characters`);
  if (!url.isWellFormed() || title?.isWellFormed() === false) faults.push('a template holds half of a surrogate pair');
  const literalStart = url.slice(0, [...url.matchAll(TOKEN)][0]?.index ?? url.length);
  const origin = HTTP_ORIGIN.exec(literalStart)?.[0];
  const hasToken = literalStart.length < url.length;
  if (!MAILTO.test(literalStart) && (origin === undefined || (hasToken && origin === literalStart))) {
    faults.push(
      'the URL begins with http://, https:// and a host, or with mailto:, written out; tokens come only behind that, after a / ? or #',
    );
  } else if (!URL.canParse(url.replaceAll(TOKEN, 'x'))) faults.push('the URL is not well-formed');
  const byId = new Map(columns.map((column) => [column.id, column]));
  for (const id of new Set([...tokensOf(url), ...tokensOf(title ?? '')])) {
    const fault = tokenFault(id, byId.get(id));
    if (fault !== null) faults.push(fault);
  }
  return faults;
}

function tokenFault(id: string, column: Column | undefined): string | null {
  const shown = JSON.stringify(id.slice(0, 200)).toWellFormed();
  if (!column) return `the token {{${shown}}} names no column; write a column's id`;
  if (column.enabled) return null;
  return `the token {{${shown}}} names a column that rows hold no value of: ${column.disabledReason ?? 'it is not enabled'}`;
}

function tokensOf(template: string): string[] {
  return [...template.matchAll(TOKEN)].map(([, id = '']) => id.trim());
}

/**
 * Compiles the links of a design. Values are URL-encoded. A record has no link where a column that the URL names is null, and where the finished
 * URL would lead to another host or out of the template's path.
 */
export function compileLinks(columns: readonly Column[]): FinishLinks {
  const linked = columns.flatMap(({ id, enabled, link }) => (enabled && link ? [{ id, link }] : []));
  const templates = linked.map(({ id, link }) => ({ id, link, shape: shapeOf(link.url.replaceAll(TOKEN, 'x')) }));
  return (values) => {
    const links: Record<string, FinishedLink> = Object.create(null);
    for (const { id, link, shape } of templates) {
      const url = fill(link.url, values, encodeURIComponent);
      if (url === null || shapeOf(url) !== shape) continue;
      links[id] = { url, title: link.title && fill(link.title, values, String, '') };
    }
    return links;
  };
}

/** What values must not change: scheme, host, and how many levels the path has, which a value of `..` would. */
function shapeOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}${host} ${pathname.split('/').length}`;
}

function fill(
  template: string,
  values: Readonly<Record<string, unknown>>,
  encode: (value: string) => string,
  ofNull: string | null = null,
): string | null {
  let complete = true;
  const filled = template.replaceAll(TOKEN, (_token, id: string) => {
    const value = values[id.trim()] ?? ofNull;
    if (value === null) complete = false;
    return value === null
      ? ''
      : encode(Array.isArray(value) ? value.filter((one) => one !== null).join() : String(value));
  });
  return complete ? filled : null;
}
