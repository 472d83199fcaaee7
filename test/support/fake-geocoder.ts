import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Respond = (response: ServerResponse, request: IncomingMessage) => void;

/** Answers with a status and a body. */
export function answering(body: unknown, status = 200, headers: Record<string, string> = {}): Respond {
  return (response) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** A place in Nominatim's form. */
export function placeAt(lat: number, lon: number) {
  return [{ place_id: 1, lat: String(lat), lon: String(lon), display_name: 'somewhere' }];
}

/** A geocoder on the loopback interface, which answers as a test says and notes what it is asked for. */
export async function fakeGeocoder(first: Respond = answering([])) {
  let respond = first;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    respond(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/search?format=jsonv2&q={q}`,
    port,
    /** The paths and queries of all requests. */
    asked,
    answer(next: Respond): void {
      respond = next;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type FakeGeocoder = Awaited<ReturnType<typeof fakeGeocoder>>;
