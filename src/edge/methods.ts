import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SluiceError } from '../domain/errors.js';
import { shownPath } from '../domain/hooks/redact-tokens.js';

/** Every method that at least one path accepts. */
export const ALL_METHODS = 'GET, HEAD, POST, OPTIONS';

/** Knows which methods the paths of a server accept. Create it before you add routes. */
export class Methods {
  readonly #methodsOf = new Map<string, Set<string>>();

  constructor(app: FastifyInstance) {
    app.addHook('onRoute', ({ url, method }) => {
      const methods = this.#methodsOf.get(url) ?? new Set();
      for (const one of [method].flat()) methods.add(one);
      this.#methodsOf.set(url, methods);
    });
  }

  /** Every route, as `METHOD path`, sorted. */
  get routes(): readonly string[] {
    return [...this.#methodsOf].flatMap(([url, methods]) => [...methods].map((method) => `${method} ${url}`)).sort();
  }

  /**
   * Handles a request that no route takes. Responds to OPTIONS of a known path with its methods. Throws METHOD_NOT_ALLOWED for another method of a known path, and
   * NOT_FOUND for an unknown path.
   */
  readonly respond = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { method } = request;
    const path = pathOf(request);
    const shown = shownPath(path).slice(0, 200);
    const methods = this.#of(path);
    if (methods.length === 0) {
      throw new SluiceError('NOT_FOUND', `there is no ${method} ${shown}; GET / lists the paths`);
    }
    const allow = [...methods, 'OPTIONS'].join(', ');
    if (method === 'OPTIONS') return reply.code(204).header('allow', allow).send();
    throw new SluiceError('METHOD_NOT_ALLOWED', `${shown} does not accept ${method}; it accepts ${allow}`, { allow });
  };

  #of(path: string): string[] {
    const methods = new Set<string>();
    for (const [url, some] of this.#methodsOf) {
      if (fits(segmentsOf(url), segmentsOf(path))) for (const method of some) methods.add(method);
    }
    return [...methods];
  }
}

function pathOf({ url }: FastifyRequest): string {
  return url.split(/[?#]/, 1)[0] ?? '';
}

/** A slash at the end adds no segment. */
function segmentsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/');
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part.startsWith(':') || part === path[index]);
}
