import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { SCOPES, type Scope as ScopeName } from '../../../domain/security/scopes.js';
import { DateTimeScalar } from '../scalars.js';
import { asEnum, described } from './enums.js';
import { listOf } from './page.js';

const Scope = asEnum(SCOPES);
registerEnumType(Scope, {
  name: 'Scope',
  description: 'What an API key is for.',
  valuesConfig: described<ScopeName>({
    MANAGE: 'Everything: all datasets, designs, rows, keys and jobs.',
    PUSH: 'To push to datasets, to delete from them, and to see their jobs and the errors of these.',
    READ: 'To read the rows of datasets. Rows of a dataset with a security name are read with a viewer token or a MANAGE key.',
  }),
});

@ObjectType('RateLimit', {
  description:
    'How much a caller may use a minute. A minute of requests begins with the first request, one of bytes with the first body.',
})
export class RateLimitObject {
  @Field(() => Int, { nullable: true, description: 'Requests, and operations over websockets. Null: no limit.' })
  requestsPerMinute: number | null;

  @Field(() => Float, { nullable: true, description: 'Bytes of bodies, after decompression. Null: no limit.' })
  bytesPerMinute: number | null;
}

@InputType({ description: 'How much a caller may use a minute. Leave a limit out for no limit.' })
export class RateLimitInput {
  @Field(() => Int, { nullable: true, description: 'Requests, and operations over websockets.' })
  requestsPerMinute?: number | null;

  @Field(() => Float, { nullable: true, description: 'Bytes of bodies, after decompression.' })
  bytesPerMinute?: number | null;
}

@ObjectType('ApiKey', { description: 'A key with which programs call the service. Its secret is not stored.' })
export class ApiKeyObject {
  @Field(() => ID, { description: 'Its id, which stays the same when it is rotated.' })
  id: string;

  @Field({ description: 'Its name.' })
  name: string;

  @Field({
    description:
      'The first characters of its secret, by which you recognise it. Empty for a secret that the service did not make.',
  })
  prefix: string;

  @Field(() => [Scope], { description: 'What it is for.' })
  scopes: readonly ScopeName[];

  @Field(() => [ID], { nullable: true, description: 'The datasets that it is for. Null: all datasets.' })
  datasetIds: readonly string[] | null;

  @Field(() => DateTimeScalar, { description: 'When it was created.' })
  createdAt: Date;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the API key that created it. Null if it was created on the machine of the service.',
  })
  createdBy: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends. Null: never.' })
  expiresAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was revoked. Null: it was not.' })
  revokedAt: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The minute in which it was last used. Null: it has not been used.',
  })
  lastUsedAt: Date | null;

  @Field(() => RateLimitObject, {
    nullable: true,
    description: 'How much it may use. Null: the limit of the service, which keys with the scope MANAGE do not have.',
  })
  rateLimit: RateLimitObject | null;
}

@ObjectType('CreatedApiKey', { description: 'A key with its secret.' })
export class CreatedApiKeyObject {
  @Field({ description: 'The secret, shown this once: send it in the header x-api-key. Only its hash is stored.' })
  secret: string;

  @Field(() => ApiKeyObject, { description: 'The key.' })
  apiKey: ApiKeyObject;
}

export const ApiKeyList = listOf(ApiKeyObject, 'ApiKeyList', 'API keys');

@InputType({ description: 'Input for creating an API key.' })
export class CreateApiKeyInput {
  @Field({ description: 'A display name, 1 to 200 characters. Jobs say by it who requested them.' })
  name: string;

  @Field(() => [Scope], { description: 'What it is for: one scope or more.' })
  scopes: readonly ScopeName[];

  @Field(() => [ID], {
    nullable: true,
    description:
      'The ids of the datasets that it is for, at most 1,000. The default is all datasets, also those to come. Not with the scope MANAGE.',
  })
  datasetIds?: readonly string[] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends. The default is never.' })
  expiresAt?: Date | null;

  @Field(() => RateLimitInput, {
    nullable: true,
    description: 'How much it may use. The default is the limit of the service, or no limit for the scope MANAGE.',
  })
  rateLimit?: RateLimitInput | null;
}
