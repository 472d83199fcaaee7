import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { ConnectionResolver, SourceFieldResolver } from './connection-resolver.js';
import { DatasetResolver } from './dataset-resolver.js';
import { DatasetDesignResolver, DesignResolver } from './design-resolver.js';
import { JobResolver } from './job-resolver.js';
import { DatasetQuarantineResolver, QuarantineResolver } from './quarantine-resolver.js';
import { StatusResolver } from './status-resolver.js';

/** The GraphQL schema, made from the classes. */
export function createSchema(): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [
      ConnectionResolver,
      SourceFieldResolver,
      DatasetResolver,
      DatasetDesignResolver,
      DesignResolver,
      JobResolver,
      StatusResolver,
      QuarantineResolver,
      DatasetQuarantineResolver,
    ],
    validate: false,
    pubSub: NO_PUB_SUB,
  });
}

/** Subscriptions read the ledger themselves, but type-graphql requires this. */
const NO_PUB_SUB = {
  publish: () => undefined,
  subscribe: () => {
    throw new TypeError('nothing is published here: subscriptions read the ledger');
  },
};
