import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SluiceError } from '../domain/errors.js';

/** All that some path takes. */
export const ALL_METHODS = 'GET, HEAD, POST, OPTIONS';

/** Knows which methods the paths of a server take; must be made before its routes are added. */
export class Methods {
  readonly #methodsOf = new Map<string, Set<string>>();

  constructor(app: FastifyInstance) {
    app.addHook('onRoute', ({ url, method }) => {
      const methods = this.#methodsOf.get(url) ?? new Set();
      for (const one of [method].flat()) methods.add(one);
      this.#methodsOf.set(url, methods);
    });
  }

  /**
   * Answers a request that no route takes: OPTIONS of a path that there is with its methods. Throws METHOD_NOT_ALLOWED for another method of such a path, NOT_FOUND
   * for any other path.
   */
  readonly answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { method } = request;
    const path = pathOf(request);
    const shown = path.slice(0, 200);
    const methods = this.#of(path);
    if (methods.length === 0) {
      throw new SluiceError('NOT_FOUND', `nothing answers ${method} ${shown}; GET / tells what there is`);
    }
    const allow = [...methods, 'OPTIONS'].join(', ');
    if (method === 'OPTIONS') return reply.code(204).header('allow', allow).send();
    throw new SluiceError('METHOD_NOT_ALLOWED', `${shown} takes ${allow}, and no ${method}`, { allow });
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

/** Without the empty one of a slash at the end. */
function segmentsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/');
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part.startsWith(':') || part === path[index]);
}
