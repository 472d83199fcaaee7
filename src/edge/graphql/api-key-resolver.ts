import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ApiKey } from '../../domain/security/api-key.js';
import { credentialState, type CredentialState as State } from '../../domain/security/credential-state.js';
import type { CreatedApiKey } from '../../usecases/api-keys.js';
import type { GraphqlContext } from './context.js';
import { PageArgs } from './inputs.js';
import { ApiKeyList, ApiKeyObject, CreateApiKeyInput, CreatedApiKeyObject } from './types/api-key.js';
import { CredentialState } from './types/credential-state.js';
import { decodeAfter, type Page, toPage } from './types/page.js';

const ID_OF_KEY = { description: 'The id of the key.' };

@Resolver(() => ApiKeyObject)
export class ApiKeyResolver {
  @Query(() => ApiKeyList, { description: 'All API keys, newest first, with those that are revoked or expired.' })
  async apiKeys(
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { reader }: GraphqlContext,
  ): Promise<Page<ApiKey>> {
    return toPage('apiKeys', await reader.apiKeys.list(first, decodeAfter('apiKeys', after)));
  }

  @Mutation(() => CreatedApiKeyObject, {
    description: 'Creates an API key. Errors: BAD_REQUEST, NOT_FOUND for an unknown dataset, FORBIDDEN.',
  })
  createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'Its name and what it is for.' })
    { name, scopes, datasetIds, expiresAt, rateLimit }: CreateApiKeyInput,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<CreatedApiKey> {
    const limits = { datasetIds: datasetIds ?? undefined, expiresAt: expiresAt ?? undefined };
    const { requestsPerMinute = null, bytesPerMinute = null } = rateLimit ?? {};
    const rate = rateLimit ? { rateLimit: { requestsPerMinute, bytesPerMinute } } : {};
    return useCases.apiKeys.create({ name, scopes, ...limits, ...rate }, caller);
  }

  @Mutation(() => CreatedApiKeyObject, {
    description:
      'Gives a key a new secret. Its id, its scopes and its idempotency keys stay. The secret before stays valid for a while, so that programs can be changed one by one; one that an earlier rotation replaced ends now. Errors: NOT_FOUND, BAD_REQUEST for a revoked or expired key or the one in SLUICE_API_KEY, FORBIDDEN.',
  })
  rotateApiKey(
    @Arg('id', () => ID, ID_OF_KEY) id: string,
    @Arg('overlapSeconds', () => Int, {
      defaultValue: 86_400,
      description:
        'For how many seconds the secret before stays valid, 0 to 2,592,000 (30 days). The default is a day.',
    })
    overlapSeconds: number,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<CreatedApiKey> {
    return useCases.apiKeys.rotate(id, overlapSeconds, caller);
  }

  @Mutation(() => ApiKeyObject, {
    description:
      'Revokes a key for ever. Requests with it are refused at once; only pushes through another process may still be accepted for a second. Its websockets are closed within a second. Revoking it again changes nothing. Errors: NOT_FOUND, FORBIDDEN.',
  })
  revokeApiKey(
    @Arg('id', () => ID, ID_OF_KEY) id: string,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<ApiKey> {
    return useCases.apiKeys.revoke(id, caller);
  }

  @FieldResolver(() => CredentialState, { description: 'Whether it is accepted now.' })
  state(@Root() key: ApiKey): State['kind'] {
    return credentialState(key, new Date()).kind;
  }
}
