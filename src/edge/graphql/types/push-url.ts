import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import {
  SIGNATURE_SCHEMES,
  type SignatureScheme as SignatureSchemeName,
} from '../../../domain/hooks/signature-scheme.js';
import type { DocumentUpdateMethod as DocumentUpdateMethodName } from '../../../domain/job/job.js';
import { DateTimeScalar } from '../scalars.js';
import { asEnum, DocumentUpdateMethod, described } from './enums.js';
import { listOf } from './page.js';

export const SignatureScheme = asEnum(SIGNATURE_SCHEMES);
registerEnumType(SignatureScheme, {
  name: 'SignatureScheme',
  description: 'How the sender of a webhook signs what it sends. Each is an HMAC-SHA256 over the body.',
  valuesConfig: described<SignatureSchemeName>({
    STANDARD_WEBHOOKS:
      'Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature), also with the header names of Svix. A delivery is refused more than 5 minutes after it was signed.',
    GITHUB: 'GitHub, and what signs like it: X-Hub-Signature-256. The delivery id is X-GitHub-Delivery.',
    STRIPE:
      'Stripe: Stripe-Signature. A delivery is refused more than 5 minutes after it was signed. The delivery id is the id of the event.',
    SHOPIFY: 'Shopify: X-Shopify-Hmac-Sha256. The delivery id is X-Shopify-Webhook-Id.',
  }),
});

@ObjectType('PushUrl', {
  description:
    'A URL to which webhooks push records of one dataset. It needs no API key: anyone who knows it can push to this dataset, and nothing else. The URL itself is not stored.',
})
export class PushUrlObject {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field({ description: 'Its name. Jobs say by it who requested them.' })
  name: string;

  @Field(() => ID, { description: 'The dataset that it pushes to.' })
  datasetId: string;

  @Field(() => DocumentUpdateMethod, { description: 'What its records do to stored ones.' })
  documentUpdateMethod: DocumentUpdateMethodName;

  @Field(() => DateTimeScalar, { description: 'When it was created.' })
  createdAt: Date;

  @Field({ description: 'The name of the API key that created it.' })
  createdBy: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends. Null: never.' })
  expiresAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was revoked. Null: it was not.' })
  revokedAt: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The minute in which it was last used. Null: it has not been used.',
  })
  lastUsedAt: Date | null;
}

@ObjectType('CreatedPushUrl', { description: 'A push URL, with the URL itself.' })
export class CreatedPushUrlObject {
  @Field({
    description:
      'The URL, shown this once: enter it at the sender. It is a secret; only a hash of its token is stored.',
  })
  url: string;

  @Field(() => PushUrlObject, { description: 'The push URL.' })
  pushUrl: PushUrlObject;
}

export const PushUrlList = listOf(PushUrlObject, 'PushUrlList', 'push URLs, newest first');

@InputType({ description: 'How deliveries to a push URL are signed.' })
export class HookSignatureInput {
  @Field(() => SignatureScheme, { description: 'The scheme of the sender.' })
  scheme: SignatureSchemeName;

  @Field({
    description:
      'The secret, as the sender shows it or as you enter it there, at least 16 and at most 512 characters. It is stored in clear, because the check needs it, and it is never shown.',
  })
  secret: string;
}

@InputType({ description: 'Input for creating a push URL.' })
export class CreatePushUrlInput {
  @Field(() => ID, { description: 'The dataset that it pushes to.' })
  datasetId: string;

  @Field({ description: 'A display name, 1 to 200 characters.' })
  name: string;

  @Field(() => DocumentUpdateMethod, { defaultValue: 'REPLACE', description: 'What its records do to stored ones.' })
  documentUpdateMethod: DocumentUpdateMethodName;

  @Field(() => HookSignatureInput, {
    nullable: true,
    description: 'How the sender signs. Deliveries without a right signature are refused. The default is no signature.',
  })
  signature?: HookSignatureInput | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends. The default is never.' })
  expiresAt?: Date | null;
}
