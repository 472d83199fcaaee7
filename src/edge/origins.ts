import type { IncomingMessage } from 'node:http';

export interface BrowserOptions {
  /** The web origins whose pages may use the service, such as `https://app.example`; by default none. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** The URL at which clients reach the service, if the operator has named it. */
  readonly publicUrl?: string | undefined;
}

/** Knows which web pages may use the service. Clients that are not browsers send no `Origin` and are not concerned. */
export class Origins {
  readonly #named: ReadonlySet<string>;
  readonly #own: string | null;

  constructor({ corsOrigins = [], publicUrl }: BrowserOptions) {
    this.#named = new Set(corsOrigins);
    this.#own = publicUrl === undefined ? null : new URL(publicUrl).origin;
  }

  /** Whether responses depend on the origin. */
  get areNamed(): boolean {
    return this.#named.size > 0;
  }

  /** The origin of the page that sends a request, if the operator has named it; otherwise null. */
  namedIn({ headers: { origin } }: IncomingMessage): string | null {
    return origin !== undefined && this.#named.has(origin) ? origin : null;
  }

  /** Whether a websocket may be opened. Browsers let every page open one, and leave the decision to the server. Pages of the service itself may, and those of named origins. */
  mayConnect({ headers: { origin, host = '' } }: IncomingMessage): boolean {
    if (origin === undefined || this.#named.has(origin) || origin === this.#own) return true;
    // Behind a proxy that ends TLS, the service does not know its scheme; the host decides.
    const [scheme] = origin.split('://', 1);
    const own = `${scheme}://${host}`;
    return (scheme === 'http' || scheme === 'https') && URL.canParse(own) && new URL(own).origin === origin;
  }
}
