const MAX_RESPONSE_BYTES = 1_000_000;
const MAX_REDIRECTS = 3;
const USER_AGENT = 'Sluice (self-hosted data service)';

/** Why a server gave no usable answer. The message names neither the URL nor what the server sent, which may hold secrets. */
export class RequestFault extends Error {
  /** `isRetriable`: whether the same request may succeed soon, at the earliest after `retryAfterMs`. */
  constructor(
    message: string,
    readonly isRetriable: boolean,
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}

/** The text of a response with status 200, of at most 1 MB. Follows redirects only to the same host. Throws RequestFault, and the signal's reason. */
export async function boundedGet(url: URL, signal: AbortSignal): Promise<string> {
  let at = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await answered(at, signal);
    if (response.status === 200) return boundedText(response, signal);
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) throw faultOfStatus(response);
    at = redirected(at, location);
  }
  throw new RequestFault(`it redirected more than ${MAX_REDIRECTS} times`, false);
}

async function answered(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    const headers = { 'user-agent': USER_AGENT, accept: 'application/json' };
    return await fetch(url, { redirect: 'manual', headers, signal });
  } catch (error) {
    throw networkFault(error, signal);
  }
}

function redirected(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (to?.host === from.host && to.protocol === from.protocol) return to;
  const isUpgrade = to?.hostname === from.hostname && from.protocol === 'http:' && to.protocol === 'https:';
  if (to && isUpgrade) return to;
  throw new RequestFault('it redirected to another host, which is not followed', false);
}

/** Reads no more of a body than fits. */
async function boundedText(response: Response, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > MAX_RESPONSE_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw networkFault(error, signal);
  }
  if (bytes > MAX_RESPONSE_BYTES)
    throw new RequestFault(`it answered with more than ${MAX_RESPONSE_BYTES} bytes`, false);
  // Removes a byte order mark, too.
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function faultOfStatus({ status, headers }: Response): RequestFault {
  const isRetriable = status === 408 || status === 429 || status >= 500;
  return new RequestFault(`it answered with status ${status}`, isRetriable, retryAfterMs(headers.get('retry-after')));
}

/** `Retry-After` is a number of seconds, however large, or a date. */
function retryAfterMs(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header) ? 1_000 * Number(header) : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.max(ms, 0);
}

/** The messages of the network's errors may quote the URL, but their codes do not. */
function networkFault(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new RequestFault(`it cannot be reached${code}`, true);
}
