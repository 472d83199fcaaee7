import type { Socket } from 'node:net';
import type { MongoClient } from 'mongodb';

/** The sockets on which the driver would send the next commands. */
export function socketsOf(client: MongoClient): Socket[] {
  return serversOf(client).flatMap(({ pool }) => [...pool.connections].map(({ socket }) => socket));
}

/** The sockets by which the driver hears how its servers are. */
export function monitorSocketsOf(client: MongoClient): Socket[] {
  return serversOf(client).map(({ monitor }) => monitor.connection.socket);
}

function serversOf(client: MongoClient): DriverServer[] {
  return [...(client as unknown as DriverClient).topology.s.servers.values()];
}

/** What the driver has inside. */
interface DriverClient {
  readonly topology: { readonly s: { readonly servers: ReadonlyMap<string, DriverServer> } };
}

interface DriverServer {
  readonly monitor: { readonly connection: { readonly socket: Socket } };
  readonly pool: { readonly connections: Iterable<{ readonly socket: Socket }> };
}
