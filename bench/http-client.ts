import { Agent, type IncomingMessage, request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

/** Sends requests over connections that stay open. On a machine that client and service share it has to cost little, so it is not `fetch`. */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

  constructor(
    readonly url: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** Sends a request, and resolves with the whole response, whatever its status. */
  send(method: 'GET' | 'POST', path: string, body?: Buffer, own?: Readonly<Record<string, string>>): Promise<Reply> {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const headers = { ...(own ?? this.headers), ...length };
    return new Promise((resolve, reject) => {
      const sent = request(this.url + path, { method, agent: this.#agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
