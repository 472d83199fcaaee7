import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

/** The two ways in which the guide talks to a running service. Both are plain HTTP requests with an API key. */
export interface Shop {
  /** Sends a GraphQL request; returns its data. */
  graphql<T>(query: string, variables?: Record<string, unknown>): Promise<T>;
  /** Sends JSON to a REST route; returns the body of the response. */
  post<T>(url: string, body: unknown): Promise<T>;
  close(): Promise<void>;
}

/** Starts a service. `npm start` prints the address and the key that these requests use. */
export async function openShop(): Promise<Shop> {
  const sluice: Sluice = await startSluice();
  async function post<T>(url: string, body: unknown): Promise<T> {
    const headers = { 'x-api-key': API_KEY, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await response.json()) as T;
  }
  return {
    post,
    async graphql<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
      const { data, errors } = await post<{ data: T; errors?: unknown }>(`${sluice.url}/graphql`, { query, variables });
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return data;
    },
    close: () => sluice.close(),
  };
}
