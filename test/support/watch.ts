import { print } from 'graphql';
import type { Client } from 'graphql-ws';
import {
  WatchJobsDocument,
  type WatchJobsSubscription,
  type WatchJobsSubscriptionVariables,
} from '../generated/graphql.js';

type Event = WatchJobsSubscription['jobStatusChanged'];

/** The status events of a subscription over the websocket; leaving the iteration ends it. */
export async function* watch(client: Client, variables: WatchJobsSubscriptionVariables): AsyncGenerator<Event> {
  const query = print(WatchJobsDocument);
  for await (const { data, errors } of client.iterate<WatchJobsSubscription>({ query, variables: { ...variables } })) {
    if (errors || !data) throw new Error(JSON.stringify(errors));
    yield data.jobStatusChanged;
  }
}

export async function allEvents(events: AsyncIterable<Event>): Promise<Event[]> {
  const seen: Event[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}
