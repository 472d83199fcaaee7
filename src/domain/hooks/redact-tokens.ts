/** Every token of a push URL starts with it, so that scanners for secrets, and logs, recognise one. */
export const TOKEN_PREFIX = 'slh_';

/** What is shown instead of a token. */
const HIDDEN = '***';
const TOKEN = new RegExp(`${TOKEN_PREFIX}[\\w-]+`, 'g');
/** The rest of a path under `/hooks/`, in the middle of any text. */
const HOOKS_PATH = /(\/hooks\/)[^\s"'`<>\\]+/gi;
const UNDER_HOOKS = /^\/+hooks\//i;

/** The same text without tokens of push URLs. */
export function withoutTokens(text: string): string {
  return text.replace(TOKEN, `${TOKEN_PREFIX}${HIDDEN}`);
}

/** The same text without tokens of push URLs, and without what follows `/hooks/` in a path: also a token that somebody has mistyped. */
export function withoutHookPaths(text: string): string {
  return withoutTokens(text.replace(HOOKS_PATH, `$1${HIDDEN}`));
}

/** A path as messages may show it. A path that somebody has encoded differently is not spelled out either. */
export function shownPath(path: string): string {
  return UNDER_HOOKS.test(path) || UNDER_HOOKS.test(decodedPath(path)) ? `/hooks/${HIDDEN}` : withoutTokens(path);
}

/** As the router decodes it; escapes that are malformed stay. */
function decodedPath(path: string): string {
  return path.replace(/%[0-7][0-9a-f]/gi, (encoded) => String.fromCharCode(Number.parseInt(encoded.slice(1), 16)));
}
