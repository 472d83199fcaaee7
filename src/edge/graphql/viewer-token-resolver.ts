import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { JsonValue } from '../../domain/json/json-value.js';
import type { CreatedViewerToken } from '../../usecases/create-viewer-token.js';
import type { PermissionsExplanation } from '../../usecases/explain-permissions.js';
import type { GraphqlContext } from './context.js';
import { JsonScalar, SecretScalar } from './scalars.js';
import {
  CreatedViewerTokenObject,
  CreateViewerTokenInput,
  PermissionsExplanationObject,
} from './types/viewer-token.js';

@Resolver()
export class ViewerTokenResolver {
  @Mutation(() => CreatedViewerTokenObject, {
    description:
      'Signs a viewer token, with which a browser reads the rows that the permissions show. Only if SLUICE_JWT_SECRET is set. Errors: BAD_REQUEST for permissions that cannot be read, naming the place, and if the service has no secret; FORBIDDEN.',
  })
  createViewerToken(
    @Arg('input', () => CreateViewerTokenInput, { description: 'Who views, what, and for how long.' })
    { subject, permissions, expiresInSeconds }: CreateViewerTokenInput,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<CreatedViewerToken> {
    const input = { subject, permissions: permissions as JsonValue, expiresInSeconds };
    return useCases.createViewerToken(input, caller);
  }

  @Query(() => PermissionsExplanationObject, {
    description:
      'Shows what a viewer sees of a dataset: the filter, the columns and the number of rows, or why it sees nothing. Give either permissions or a token that has them. Errors: NOT_FOUND; BAD_REQUEST for permissions that cannot be read and for a token that is refused; FORBIDDEN for viewers and keys without the scope MANAGE.',
  })
  explainPermissions(
    @Arg('datasetId', () => ID, { description: 'The id of the dataset.' }) datasetId: string,
    @Arg('permissions', () => JsonScalar, { nullable: true, description: 'The permissions, as in a token.' })
    permissions: JsonValue | null | undefined,
    @Arg('token', () => SecretScalar, { nullable: true, description: 'A viewer token.' })
    token: string | null | undefined,
    @Ctx() { reader }: GraphqlContext,
  ): Promise<PermissionsExplanation> {
    return reader.explainPermissions(datasetId, { permissions: permissions ?? undefined, token: token ?? undefined });
  }
}
