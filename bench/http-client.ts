import { connect, type Socket } from 'node:net';

/** The status, the text of the body, and the head as it was sent. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly head: string;
}

const END_OF_HEAD = '\r\n\r\n';
const LENGTH = /^content-length: *(\d+)/im;

/**
 * Sends requests over connections that stay open, one request at a time on each. Client and service share the cores, so every microsecond of the client makes the service look slower: this takes half
 * of what `node:http` does, and understands only what the service sends, responses with a `Content-Length`.
 */
export class HttpClient {
  readonly #idle: Connection[] = [];
  readonly #host: string;
  readonly #port: number;
  readonly #head: string;

  constructor(
    readonly url: string,
    headers: Readonly<Record<string, string>>,
  ) {
    const { hostname, port } = new URL(url);
    [this.#host, this.#port] = [hostname, Number(port)];
    this.#head = headLines(headers);
  }

  /** Sends a request, and resolves with the whole response, whatever its status. `own` headers replace those of the client. */
  async send(
    method: 'GET' | 'POST',
    path: string,
    body?: Buffer,
    own?: Readonly<Record<string, string>>,
  ): Promise<Reply> {
    const head = `${method} ${path} HTTP/1.1\r\nhost: ${this.#host}:${this.#port}\r\n${own ? headLines(own) : this.#head}`;
    const connection = this.#idle.pop() ?? this.#open();
    const reply = await connection.exchange(`${head}content-length: ${body?.length ?? 0}${END_OF_HEAD}`, body);
    if (connection.isOpen) this.#idle.push(connection);
    return reply;
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  #open(): Connection {
    const connection = new Connection(connect({ host: this.#host, port: this.#port, noDelay: true }), () => {
      const index = this.#idle.indexOf(connection);
      if (index !== -1) this.#idle.splice(index, 1);
    });
    return connection;
  }
}

/** One connection, and the response that it waits for. */
class Connection {
  isOpen = true;
  #received: Buffer[] = [];
  #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;

  constructor(
    private readonly socket: Socket,
    onClose: () => void,
  ) {
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => {
      this.isOpen = false;
      onClose();
      this.#waiting?.reject(new Error('the service closed the connection'));
    });
  }

  exchange(head: string, body: Buffer | undefined): Promise<Reply> {
    this.socket.cork();
    this.socket.write(head, 'latin1');
    if (body) this.socket.write(body);
    this.socket.uncork();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received.push(chunk);
    const bytes = this.#received.length === 1 ? chunk : Buffer.concat(this.#received);
    this.#received = [bytes];
    const end = bytes.indexOf(END_OF_HEAD);
    if (end === -1) return;
    const head = bytes.toString('latin1', 0, end);
    const length = LENGTH.exec(head)?.[1];
    if (length === undefined) {
      this.#waiting?.reject(new Error(`a response without a length: ${head}`));
      return;
    }
    const start = end + END_OF_HEAD.length;
    if (bytes.length < start + Number(length)) return;
    this.#received = [];
    const { resolve } = this.#waiting ?? {};
    this.#waiting = undefined;
    resolve?.({ status: Number(head.slice(9, 12)), head, text: bytes.toString('utf8', start) });
  }
}

/** The value of a header; undefined if the head does not have it. */
export function headerOf(head: string, name: string): string | undefined {
  return new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1];
}

function headLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}
