import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { PushUrl } from '../../domain/hooks/push-url.js';
import { credentialState, type CredentialState as State } from '../../domain/security/credential-state.js';
import type { CreatedPushUrl } from '../../usecases/push-urls.js';
import type { GraphqlContext } from './context.js';
import { PageArgs } from './inputs.js';
import { CredentialState } from './types/credential-state.js';
import { decodeAfter, type Page, toPage } from './types/page.js';
import {
  CreatedPushUrlObject,
  CreatePushUrlInput,
  PushUrlList,
  PushUrlObject,
  SignatureScheme,
} from './types/push-url.js';

@Resolver(() => PushUrlObject)
export class PushUrlResolver {
  @Query(() => PushUrlList, {
    description:
      'The push URLs of a dataset, newest first, with those that are revoked or expired. Errors: NOT_FOUND, FORBIDDEN.',
  })
  async pushUrls(
    @Arg('datasetId', () => ID, { description: 'The id of the dataset.' }) datasetId: string,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { reader }: GraphqlContext,
  ): Promise<Page<PushUrl>> {
    return toPage('pushUrls', await reader.pushUrls.list(datasetId, first, decodeAfter('pushUrls', after)));
  }

  @Mutation(() => CreatedPushUrlObject, {
    description:
      'Creates a URL to which webhooks push records of a dataset. Errors: BAD_REQUEST, NOT_FOUND for an unknown dataset, FORBIDDEN.',
  })
  createPushUrl(
    @Arg('input', () => CreatePushUrlInput, { description: 'Its dataset and settings.' }) input: CreatePushUrlInput,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<CreatedPushUrl> {
    const { signature, expiresAt, ...settings } = input;
    const more = { signature: signature ?? undefined, expiresAt: expiresAt ?? undefined };
    return useCases.pushUrls.create({ ...settings, ...more }, caller);
  }

  @Mutation(() => PushUrlObject, {
    description:
      'Revokes a push URL for ever: deliveries to it are refused at once. Revoking it again changes nothing. Errors: NOT_FOUND, FORBIDDEN.',
  })
  revokePushUrl(
    @Arg('id', () => ID, { description: 'The id of the push URL.' }) id: string,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<PushUrl> {
    return useCases.pushUrls.revoke(id, caller);
  }

  @FieldResolver(() => SignatureScheme, {
    nullable: true,
    description: 'How its deliveries are signed; null if they are not. The secret is never shown.',
  })
  signatureScheme(@Root() { signature }: PushUrl) {
    return signature?.scheme ?? null;
  }

  @FieldResolver(() => CredentialState, { description: 'Whether it is accepted now.' })
  state(@Root() pushUrl: PushUrl): State['kind'] {
    return credentialState(pushUrl, new Date()).kind;
  }
}
