import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

/** The two ways in which the guide talks to a running service. Both are plain HTTP requests with a credential. */
export interface Client {
  /** Sends a GraphQL request; returns its data. */
  graphql<T>(query: string, variables?: Record<string, unknown>): Promise<T>;
  /** Sends JSON to a REST route; returns the body of the response. */
  post<T>(url: string, body: unknown): Promise<T>;
}

/** A running service, and the client of the one who runs it. */
export interface Shop extends Client {
  readonly url: string;
  /** A client with another credential, such as `{ 'x-api-key': secret }`. */
  as(credential: Record<string, string>): Client;
  close(): Promise<void>;
}

/** Starts a service with these variables. `npm start` prints the address and the key that these requests use. */
export async function openShop(env: NodeJS.ProcessEnv = {}): Promise<Shop> {
  const sluice: Sluice = await startSluice(env);
  const as = (credential: Record<string, string>) => clientOf(sluice.url, credential);
  return { url: sluice.url, as, ...as({ 'x-api-key': API_KEY }), close: () => sluice.close() };
}

function clientOf(serviceUrl: string, credential: Record<string, string>): Client {
  async function post<T>(url: string, body: unknown): Promise<T> {
    const headers = { ...credential, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await response.json()) as T;
  }
  return {
    post,
    async graphql<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
      const { data, errors } = await post<{ data: T; errors?: unknown }>(`${serviceUrl}/graphql`, { query, variables });
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return data;
    },
  };
}
