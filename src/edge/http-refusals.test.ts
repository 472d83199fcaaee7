import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CALLER } from '../../test/support/lane.js';
import { until } from '../../test/support/until.js';
import { memoryBudget } from '../adapters/memory/memory-budget.js';
import { memoryRateLimits } from '../adapters/memory/rate-limits.js';
import { HTTP_STATUS_OF_CODE } from '../domain/errors.js';
import { FOREIGN_STORAGE } from '../ports/storage-health.js';
import { createLogger, type Logger } from '../telemetry/logger.js';
import type { UseCases } from '../usecases/use-cases.js';
import { clientAddress } from './client-address.js';
import { createServer, type SluiceServer } from './server.js';

const waiting: (() => void)[] = [];
const jobs = {
  existingJob: () => new Promise((resolve) => waiting.push(() => resolve({ id: 'slow', faults: {} }))),
  errorsOf: async () => [],
  errorSummaryOf: async () => [],
};
const useCases = {
  authenticate: async () => CALLER,
  authenticatePush: async () => CALLER,
  authenticateAhead: () => null,
  readerFor: () => ({ jobs }),
} as unknown as UseCases;

interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

describe('a malformed or refused request', () => {
  const logged: unknown[][] = [];
  const logger: Logger = createLogger('silent');
  logger.error = (...what: unknown[]) => void logged.push(what);
  let server: SluiceServer;
  let port: number;
  beforeAll(async () => {
    const limits = {
      storage: FOREIGN_STORAGE,
      maxPayloadBytes: 100_000,
      memory: memoryBudget(1_000_000),
      answerMemory: memoryBudget(1_000_000),
      rates: memoryRateLimits(),
      addressOf: clientAddress([]),
      noteRefusals: () => undefined,
      closeGraceMs: 60_000,
    };
    const readiness = async () => ({ ready: true, problems: [], notices: [] });
    server = await createServer({ useCases, ...limits, servesApi: true, readiness, liveness: () => null, logger });
    port = await server.listen('127.0.0.1', 0);
  });
  afterAll(async () => {
    expect(logged).toEqual([]);
    await server.close();
  });

  function opened(): { socket: Socket; received: () => string } {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('end', () => socket.end());
    return { socket, received: () => received };
  }

  /** Sends bytes and, with `end`, no more; returns all that came until the service closed the connection. */
  async function exchange(text: string, end = false): Promise<string> {
    const { socket, received } = opened();
    if (end) socket.end(text);
    else socket.write(text);
    await once(socket, 'close');
    return received();
  }

  function parsed(text: string): RawAnswer {
    const [head = '', ...rest] = text.split('\r\n\r\n');
    const [line = '', ...lines] = head.split('\r\n');
    const headers = lines.map((one): [string, string] => [one.split(': ')[0] ?? '', one.split(': ')[1] ?? '']);
    return { status: Number(line.split(' ')[1]), headers: new Headers(headers), body: rest.join('\r\n\r\n') };
  }

  function expectProblem(text: string, code: keyof typeof HTTP_STATUS_OF_CODE): RawAnswer {
    const answer = parsed(text);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      HTTP_STATUS_OF_CODE[code],
      'application/problem+json',
    ]);
    expect(JSON.parse(answer.body)).toMatchObject({
      code,
      status: answer.status,
      detail: expect.stringMatching(/.{20}/),
    });
    return answer;
  }

  const head = (method: string, path: string, ...headers: string[]) =>
    [`${method} ${path} HTTP/1.1`, 'Host: h', 'Content-Type: application/json', ...headers, '', ''].join('\r\n');
  const post = (...headers: string[]) => head('POST', '/dataload/x', ...headers);

  it.each<[string, string, keyof typeof HTTP_STATUS_OF_CODE]>([
    ['headers that are too large', head('GET', '/', `X: ${'x'.repeat(20_000)}`), 'HEADERS_TOO_LARGE'],
    ['a URL that is too long', head('GET', `/${'x'.repeat(20_000)}`), 'HEADERS_TOO_LARGE'],
    ['headers far too large', head('GET', '/', `X: ${'x'.repeat(2_000_000)}`), 'HEADERS_TOO_LARGE'],
    ['no method', 'nonsense\r\n\r\n', 'BAD_REQUEST'],
    ['an unknown method', 'PUSH / HTTP/1.1\r\nHost: h\r\n\r\n', 'BAD_REQUEST'],
    ['an unknown version', 'GET / HTTP/3.7\r\nHost: h\r\n\r\n', 'BAD_REQUEST'],
    ['HTTP/2 without an upgrade', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'BAD_REQUEST'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : h\r\n\r\n', 'BAD_REQUEST'],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n', 'BAD_REQUEST'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'BAD_REQUEST'],
    ['two lengths', `${post('Content-Length: 2', 'Content-Length: 3')}{} `, 'BAD_REQUEST'],
    ['a length that is not a number', `${post('Content-Length: 2x')}{}`, 'BAD_REQUEST'],
    ['a negative length', `${post('Content-Length: -2')}{}`, 'BAD_REQUEST'],
    [
      'a length and chunks',
      `${post('Content-Length: 2', 'Transfer-Encoding: chunked')}2\r\n{}\r\n0\r\n\r\n`,
      'BAD_REQUEST',
    ],
    ['a chunk without a size', `${post('Transfer-Encoding: chunked')}x\r\n{}\r\n0\r\n\r\n`, 'BAD_REQUEST'],
    ['a chunk longer than its size', `${post('Transfer-Encoding: chunked')}1\r\n{}\r\n0\r\n\r\n`, 'BAD_REQUEST'],
    ['an unknown transfer encoding', `${post('Transfer-Encoding: identity')}{}`, 'BAD_REQUEST'],
    ['CONNECT', 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n', 'METHOD_NOT_ALLOWED'],
  ])('gets a problem with a code: %s', async (_name, text, code) => {
    expectProblem(await exchange(text), code);
  });

  it.each([
    ['lines that end with CR only', 'GET / HTTP/1.1\rHost: h\r\r'],
    ['lines that end with LF only', 'GET / HTTP/1.1\nHost: h\n\n'],
  ])('is called invalid HTTP, not a faulty body, when its body has not started: %s', async (_name, text) => {
    const { body } = expectProblem(await exchange(text), 'BAD_REQUEST');
    expect(body).toContain('the request is not valid HTTP/1.1');
  });

  it.each<[string, string]>([
    ['with fewer bytes than its length', `${post('Content-Length: 10')}{}`],
    ['whose chunks do not end', `${post('Transfer-Encoding: chunked')}2\r\n{}\r\n`],
    ['that is missing', post('Content-Length: 10')],
    ['of GraphQL', `${head('POST', '/graphql', 'Content-Length: 10')}{}`],
  ])('is refused when the connection ends within a body %s', async (_name, text) => {
    const { body } = expectProblem(await exchange(text, true), 'BAD_REQUEST');
    expect(body).toContain('ended before it was complete');
  });

  it('is refused when the connection ends within the headers', async () => {
    expectProblem(await exchange('GET / HTTP/1.1\r\nHost: h\r\n', true), 'BAD_REQUEST');
  });

  it('gets its response after those to the earlier requests on the same connection', async () => {
    const { socket, received } = opened();
    socket.write(head('GET', '/dataload/slow/errors'));
    await until('the first request', () => waiting.length > 0);
    socket.write('nonsense\r\n\r\n');
    socket.write('and more');
    // This request was sent later and got its response, so the service has seen the fault by now.
    await exchange(head('GET', '/healthz', 'Connection: close'));
    expect(received()).toBe('');
    waiting.pop()?.();
    await once(socket, 'close');
    const [first = '', second = ''] = received().split(/(?=HTTP\/1\.1 400)/);
    expect(parsed(first).status).toBe(200);
    expectProblem(second, 'BAD_REQUEST');
  });

  it('gets one response when its body turns out to be malformed after the response was sent', async () => {
    const text = `${head('POST', '/nowhere', 'Transfer-Encoding: chunked')}zz\r\n`;
    const { socket, received } = opened();
    socket.write(head('POST', '/nowhere', 'Transfer-Encoding: chunked'));
    await until('the answer', () => received().includes('NOT_FOUND'));
    socket.write('zz\r\n');
    await once(socket, 'close');
    expect(received().match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
    expect((await exchange(text)).match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  });

  it('gets a problem or a proper response, whatever bytes are sent', async () => {
    const parts = fc.constantFrom(
      'GET ',
      'POST ',
      '/',
      '/dataload/x',
      ' HTTP/1.1',
      '\r\n',
      '\r\n\r\n',
      'Host: h\r\n',
      'Content-Length: 3\r\n',
      'Transfer-Encoding: chunked\r\n',
      '3\r\n',
      '{}',
      '0\r\n\r\n',
      ':',
      '\0',
      '\n',
      ' ',
      'x',
      'Connection: upgrade\r\n',
      'Upgrade: websocket\r\n',
      'Expect: 100-continue\r\n',
      'Content-Type: application/json\r\n',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 14 }), async (some) => {
        const text = await exchange(some.join(''), true);
        for (const answer of text.split(/(?=HTTP\/1\.1 \d{3} )/).filter((one) => one !== '')) {
          const { status, headers, body } = parsed(answer);
          if (status < 400) continue;
          expect(status).toBeLessThan(500);
          expect(headers.get('content-type')).toBe('application/problem+json');
          expect(JSON.parse(body)).toMatchObject({ status, code: expect.any(String) });
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it.each<[string, string, string, string | null]>([
    [
      'a mutation by GET',
      head('GET', '/graphql?query=mutation%7BdeleteConnection(id:1)%7D'),
      'METHOD_NOT_ALLOWED',
      'POST',
    ],
    [
      'a response other than JSON',
      head('GET', '/graphql?query=%7B__typename%7D', 'Accept: text/html'),
      'NOT_ACCEPTABLE',
      null,
    ],
  ])('is refused over GraphQL with the code that fits the HTTP status: %s', async (_name, text, code, allow) => {
    const { status, headers, body } = parsed(await exchange(text.replace('Host: h', 'Host: h\r\nConnection: close')));
    expect([status, headers.get('allow')]).toEqual([
      HTTP_STATUS_OF_CODE[code as keyof typeof HTTP_STATUS_OF_CODE],
      allow,
    ]);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  describe('with a method that the path does not accept', () => {
    const routes: [string, string][] = [
      ['/', 'GET, HEAD, OPTIONS'],
      ['/healthz', 'GET, HEAD, OPTIONS'],
      ['/readyz', 'GET, HEAD, OPTIONS'],
      ['/graphql', 'GET, POST, OPTIONS'],
      ['/dataload/postdata', 'POST, OPTIONS'],
      ['/dataload/deletedata', 'POST, OPTIONS'],
      ['/dataload/deletealldata', 'POST, OPTIONS'],
      ['/dataload/anything', 'POST, OPTIONS'],
      ['/dataload/anything/status', 'GET, HEAD, OPTIONS'],
      ['/dataload/anything/errors', 'GET, HEAD, OPTIONS'],
    ];
    const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'MKCOL', 'LOCK'];

    it.each(routes)('%s accepts only %s, and says so', async (path, allow) => {
      for (const at of [path, `${path.replace(/\/$/, '')}/`, `${path}?a=b`]) {
        for (const method of METHODS.filter((one) => !allow.includes(one))) {
          const answer = expectProblem(await exchange(head(method, at, 'Connection: close')), 'METHOD_NOT_ALLOWED');
          expect([method, at, answer.headers.get('allow')]).toEqual([method, at, allow]);
        }
        const options = parsed(await exchange(head('OPTIONS', at, 'Connection: close')));
        expect([options.status, options.headers.get('allow'), options.body]).toEqual([204, allow, '']);
        if (allow.includes('HEAD')) continue;
        const nothing = parsed(await exchange(head('HEAD', at, 'Connection: close')));
        expect([nothing.status, nothing.headers.get('allow'), nothing.body]).toEqual([405, allow, '']);
      }
    });

    it.each(['/nowhere', '/dataload', '/dataload/x/y/z', '/healthz/x', '/dataload//status/x'])(
      'gets NOT_FOUND at %s, a path that does not exist',
      async (path) => {
        for (const method of ['GET', 'DELETE', 'OPTIONS']) {
          expectProblem(await exchange(head(method, path, 'Connection: close')), 'NOT_FOUND');
        }
      },
    );
  });

  it('is not one with a slash at the end of the path, a whole URL, or an unknown expectation: it is served', async () => {
    for (const target of ['/healthz', '/healthz/', 'http://elsewhere/healthz', '/healthz?x=1', '/healthz/?x=1']) {
      const answer = parsed(await exchange(head('GET', target, 'Connection: close', 'Expect: miracles')));
      expect([target, answer.status, answer.body]).toEqual([target, 200, '{"status":"ok"}']);
    }
    const star = parsed(await exchange('OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'));
    expect(star.status).toBe(204);
    const old = parsed(await exchange('GET /healthz HTTP/1.0\r\n\r\n'));
    expect(old.status).toBe(200);
  });

  it('is not one that asks for an upgrade to an unknown protocol: it is served without the upgrade', async () => {
    const upgrade = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAEAAEAAAAIAAAAA'];
    const { socket, received } = opened();
    socket.write(`${post('Content-Length: 5', ...upgrade)}{"a":`);
    await until('the first answer', () => received().includes('"code":"INVALID_JSON"'));
    socket.write(head('GET', '/healthz', ...upgrade));
    await until('the second answer', () => received().includes('{"status":"ok"}'));
    socket.write(head('GET', '/healthz', 'Connection: close'));
    await once(socket, 'close');
    expect(received().match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 400', 'HTTP/1.1 200', 'HTTP/1.1 200']);
  });

  it.each<[string, string[]]>([
    ['no Host', ['GET / HTTP/1.1']],
    ['two hosts', ['GET / HTTP/1.1', 'Host: a', 'Host: b']],
    ['two keys for one request', ['POST /dataload/x HTTP/1.1', 'Host: h', 'Idempotency-Key: a', 'Idempotency-Key: b']],
    ['two types', ['POST /dataload/x HTTP/1.1', 'Host: h', 'Content-Type: application/json', 'Content-Type: text/csv']],
    ['two encodings', ['POST /dataload/x HTTP/1.1', 'Host: h', 'Content-Encoding: gzip', 'Content-Encoding: br']],
    ['another transfer coding', ['POST /dataload/x HTTP/1.1', 'Host: h', 'Transfer-Encoding: gzip, chunked']],
  ])('gets a problem that names the header: %s', async (_name, lines) => {
    const { body } = expectProblem(await exchange([...lines, 'Connection: close', '', ''].join('\r\n')), 'BAD_REQUEST');
    expect(JSON.parse(body).field).toMatch(/^(host|idempotency-key|content-type|content-encoding|transfer-encoding)$/);
  });

  it.each<[string, string[], keyof typeof HTTP_STATUS_OF_CODE]>([
    [
      'to several protocols',
      ['GET /graphql HTTP/1.1', 'Host: h', 'Connection: Upgrade', 'Upgrade: websocket, h2c'],
      'BAD_REQUEST',
    ],
    ['at another path', ['GET /x HTTP/1.1', 'Host: h', 'Connection: Upgrade', 'Upgrade: websocket'], 'NOT_FOUND'],
    ['without a key', ['GET /graphql HTTP/1.1', 'Host: h', 'Connection: Upgrade', 'Upgrade: websocket'], 'BAD_REQUEST'],
    [
      'with another method',
      ['POST /graphql HTTP/1.1', 'Host: h', 'Connection: Upgrade', 'Upgrade: websocket'],
      'METHOD_NOT_ALLOWED',
    ],
  ])('is refused as an upgrade %s', async (_name, lines, code) => {
    expectProblem(await exchange([...lines, '', ''].join('\r\n')), code);
  });
});
