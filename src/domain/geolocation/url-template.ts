import { ADDRESS_PARTS, type Address, addressLine } from './address.js';

/** What a template may hold: `{q}` is the whole address in one line. */
const PLACEHOLDERS: readonly string[] = [...ADDRESS_PARTS, 'q'];
const PLACEHOLDER = /\{([^{}]*)\}/g;
const EXAMPLE = 'such as https://geocoder.example/search?format=jsonv2&limit=1&q={q}';

/** Why a text cannot be the template of a geocoder's URL; null if it can. It does not quote the text, which may hold a secret. */
export function faultOfTemplate(template: string): string | null {
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  if (names.length === 0 || names.some((name) => !PLACEHOLDERS.includes(name)))
    return `give a URL with the placeholders ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')} or some of them, and no others, ${EXAMPLE}`;
  const [one, other] = ['a', 'b'].map((text) => parsed(template.replace(PLACEHOLDER, text)));
  if (!one || !other || !/^https?:$/.test(one.protocol)) return `give an http:// or https:// URL, ${EXAMPLE}`;
  if (one.origin !== other.origin || one.hash !== other.hash)
    return 'placeholders may stand only in the path and the query of the URL';
  if (one.username !== '' || one.password !== '') return 'give a URL without a user name and a password';
  return null;
}

function parsed(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** What URLs take for a step in the path, in every spelling: percent-encoding does not help. */
const DOTS = /^(?:\.|%2e){1,2}$/i;

/**
 * The URL that asks for an address. Values are percent-encoded; a parameter of the query whose part of the address is missing is left out. Null if a part such as `..` would lead to
 * another path than the template's.
 */
export function urlOfAddress(template: string, address: Address): URL | null {
  const values: Readonly<Record<string, string | null | undefined>> = { ...address, q: addressLine(address) };
  const filled = (text: string) => text.replace(PLACEHOLDER, (_, name) => encodeURIComponent(values[name] ?? ''));
  const [path = '', ...rest] = template.split('?');
  if (path.split(/[/\\]/).some((segment) => segment.includes('{') && DOTS.test(filled(segment)))) return null;
  const parameters = rest.join('?').split('&');
  const kept = parameters.filter((parameter) => {
    const name = /^[^=]*=\{([^{}]*)\}$/.exec(parameter)?.[1];
    return name === undefined || Boolean(values[name]);
  });
  return new URL(rest.length === 0 ? filled(path) : `${filled(path)}?${kept.map(filled).join('&')}`);
}
