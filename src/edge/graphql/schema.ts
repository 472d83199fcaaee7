import 'reflect-metadata';
import { type GraphQLSchema, isInputObjectType } from 'graphql';
import { buildSchema } from 'type-graphql';
import { ApiKeyResolver } from './api-key-resolver.js';
import { AuditResolver } from './audit-resolver.js';
import { ConnectionResolver, SourceFieldResolver } from './connection-resolver.js';
import { DatasetResolver } from './dataset-resolver.js';
import { DatasetDesignResolver, DesignResolver } from './design-resolver.js';
import { GeocodeResolver } from './geocode-resolver.js';
import { boundInputs } from './input-bounds.js';
import { JobResolver } from './job-resolver.js';
import { listsInTurns } from './lists-in-turns.js';
import { readPagesAhead } from './pages-ahead.js';
import { PushUrlResolver } from './push-url-resolver.js';
import { DatasetQuarantineResolver, QuarantineResolver } from './quarantine-resolver.js';
import { StatusResolver } from './status-resolver.js';
import { ViewerTokenResolver } from './viewer-token-resolver.js';

/** The GraphQL schema, made from the classes. */
export async function createSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      ApiKeyResolver,
      AuditResolver,
      ConnectionResolver,
      SourceFieldResolver,
      DatasetResolver,
      DatasetDesignResolver,
      DesignResolver,
      GeocodeResolver,
      JobResolver,
      PushUrlResolver,
      StatusResolver,
      QuarantineResolver,
      DatasetQuarantineResolver,
      ViewerTokenResolver,
    ],
    validate: false,
    pubSub: NO_PUB_SUB,
  });
  for (const name of ONE_OF) markOneOf(schema, name);
  boundInputs(schema);
  listsInTurns(schema);
  readPagesAhead(schema);
  return schema;
}

/** Input types of which a caller gives exactly one field; type-graphql has no word for them. */
const ONE_OF = [
  'StepInput',
  'StepOutputInput',
  'NumberOperandInput',
  'DateOperandInput',
  'TextOperandInput',
  'ValueOperandInput',
];

function markOneOf(schema: GraphQLSchema, name: string): void {
  const type = schema.getType(name);
  if (!isInputObjectType(type)) throw new TypeError(`there is no input type ${name}`);
  type.isOneOf = true;
}

/** Subscriptions read the ledger themselves, but type-graphql requires this. */
const NO_PUB_SUB = {
  publish: () => undefined,
  subscribe: () => {
    throw new TypeError('nothing is published here: subscriptions read the ledger');
  },
};
