/**
 * The forms in which to look a postal code up, in this order: letters and digits alone, then the part that GeoNames has for countries of which it lists only areas
 * (`SW1A 1AA`: `SW1A`; `94105-1234`: `94105`; `1012 AB`: `1012`). `country` is an ISO 3166-1 alpha-2 code.
 */
export function postalCodeForms(text: string, country: string): string[] {
  const whole = normalizePostalCode(text);
  const first = normalizePostalCode(text.trim().split(/[\s-]/)[0] ?? '');
  const area = AREAS[country]?.exec(whole)?.[1];
  return [...new Set([whole, first, area ?? whole])].filter((form) => form !== '');
}

/** Upper-case letters and digits alone. */
export function normalizePostalCode(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** What of a whole code names the area. */
const AREAS: Readonly<Record<string, RegExp>> = {
  CA: /^(\w\d\w)\d\w\d$/,
  GB: /^(\w{2,4})\d[A-Z]{2}$/,
  IE: /^(\w{3})\w{4}$/,
  NL: /^(\d{4})[A-Z]{2}$/,
  US: /^(\d{5})\d{4}$/,
};
