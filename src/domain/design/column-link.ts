import type { Column, ColumnLink } from './column.js';
import { reasonAgainstUse } from './column-places.js';
import { type ColumnsById, columnsById } from './column-pointer.js';
import { type ColumnTemplate, openTokenFault, templateOf } from './column-template.js';

/** A link of one record, with its values filled in. */
export interface FinishedLink {
  readonly url: string;
  readonly title: string | null;
}

/** Returns the links of a record by column id, from its values as users see them. Columns without a link are left out. */
export type FinishLinks = (values: Readonly<Record<string, unknown>>) => Record<string, FinishedLink>;

const MAX_URL = 2_000;
const MAX_TITLE = 500;
/** Scheme and host, up to the start of the path, the query or the fragment. */
const HTTP_ORIGIN = /^https?:\/\/[^/?#\\\s{}@]+(?=[/?#]|$)/i;
const USER = /^https?:\/\/[^/?#\\]*@/i;
const MAILTO = /^mailto:/i;
const NO_URL_CHARACTER = /[\s\p{Cc}]/u;
/** The faults of a link, as texts for users. `columns` are all columns of the design. */
export function linkFaults({ url, title }: ColumnLink, columns: ColumnsById): string[] {
  const faults = lengthFaults(url, title ?? '');
  if (faults.length > 0) return faults;
  if (!url.isWellFormed() || title?.isWellFormed() === false) faults.push('a template holds half of a surrogate pair');
  const [urlTemplate, titleTemplate] = [templateOf(url, columns), templateOf(title ?? '', columns)];
  faults.push(...urlFaults(urlTemplate));
  for (const [name, { texts }] of [['URL', urlTemplate] as const, ['title', titleTemplate] as const]) {
    const fault = openTokenFault(texts);
    if (fault !== null) faults.push(`the ${name} ${fault}`);
  }
  for (const id of new Set([...urlTemplate.ids, ...titleTemplate.ids])) {
    const fault = tokenFault(id, columns.get(id));
    if (fault !== null) faults.push(fault);
  }
  return faults;
}

function urlFaults({ ids, texts }: ColumnTemplate): string[] {
  const [start = ''] = texts;
  if (texts.some((text) => NO_URL_CHARACTER.test(text))) {
    return ['the URL holds a space or a control character; write it percent-encoded, a space as %20'];
  }
  if (USER.test(start)) return ['the URL names a user before the host (user@host); write only the host'];
  const origin = HTTP_ORIGIN.exec(start)?.[0];
  if (!MAILTO.test(start) && (origin === undefined || (ids.length > 0 && origin === start))) {
    return [
      'the URL must begin with http:// or https:// and a host, or with mailto:; after a host, tokens may follow only after a / ? or #',
    ];
  }
  return URL.canParse(texts.join('x')) ? [] : ['the URL is not well-formed'];
}

function lengthFaults(url: string, title: string): string[] {
  const faults: string[] = [];
  if (url.length > MAX_URL) faults.push(`the URL has ${url.length} characters; at most ${MAX_URL} are allowed`);
  if (title.length > MAX_TITLE) faults.push(`the title has more than ${MAX_TITLE} characters`);
  return faults;
}

function tokenFault(id: string, column: Column | undefined): string | null {
  const shown = JSON.stringify(id.slice(0, 200)).toWellFormed();
  if (!column) return `the token {{${shown}}} names no column; write a column's id`;
  const reason = reasonAgainstUse(column);
  return reason === null ? null : `the token {{${shown}}} names a column that cannot be used: ${reason}`;
}

/**
 * Compiles the links of a design. Values in the URL are URL-encoded. A record has no link if a column in the URL is null, or if the finished URL would lead to another host or
 * to another depth of the path than the template.
 */
export function compileLinks(columns: readonly Column[]): FinishLinks {
  const byId = columnsById(columns);
  const links = columns.flatMap(({ id, enabled, link }) => {
    if (!enabled || !link) return [];
    const url = templateOf(link.url, byId);
    return [{ id, url, title: link.title && templateOf(link.title, byId), shape: shapeOf(url.texts.join('x')) }];
  });
  return (values) => {
    const finished: Record<string, FinishedLink> = Object.create(null);
    for (const { id, url, title, shape } of links) {
      const filled = fill(url, values, encodeURIComponent);
      if (filled === null || shapeOf(filled) !== shape) continue;
      finished[id] = { url: filled, title: title && fill(title, values, String, '') };
    }
    return finished;
  };
}

/** What values must not change: the scheme, the host, and the number of levels of the path, which a value of `..` would reduce. */
function shapeOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}${host} ${pathname.split('/').length}`;
}

function fill(
  { ids, texts }: ColumnTemplate,
  values: Readonly<Record<string, unknown>>,
  encode: (value: string) => string,
  ofNull: string | null = null,
): string | null {
  let filled = texts[0] ?? '';
  for (const [index, id] of ids.entries()) {
    const value = values[id] ?? ofNull;
    if (value === null) return null;
    const text = Array.isArray(value) ? value.filter((one) => one !== null).join() : String(value);
    filled += `${encode(text)}${texts[index + 1] ?? ''}`;
  }
  return filled;
}
