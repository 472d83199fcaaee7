import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { REFUSAL_REASONS, type RefusalReason as ReasonName } from '../../../domain/security/refusal.js';
import { DateTimeScalar } from '../scalars.js';
import { AuditCallerObject } from './audit.js';
import { asEnum, described } from './enums.js';
import { listOf } from './page.js';

const RefusalReason = asEnum(REFUSAL_REASONS);
registerEnumType(RefusalReason, {
  name: 'RefusalReason',
  description: 'Why a caller was refused.',
  valuesConfig: described<ReasonName>({
    NO_CREDENTIAL: 'The request had no API key and no viewer token.',
    SEVERAL_CREDENTIALS: 'The request had several of them.',
    UNKNOWN_API_KEY: 'There is no such API key.',
    REVOKED_API_KEY: 'The API key was revoked.',
    EXPIRED_API_KEY: 'The API key, or a secret that a rotation had replaced, had expired.',
    REFUSED_VIEWER_TOKEN: 'The viewer token was expired, not signed as it must be, or not readable.',
    UNKNOWN_PUSH_URL: 'There is no such push URL, or it was revoked or expired.',
    REFUSED_SIGNATURE: 'The signature of a delivery to a push URL was missing or wrong.',
    FORBIDDEN: 'The caller may not do this.',
    RATE_LIMITED: 'The caller had used up its rate limit.',
  }),
});

@ObjectType('RefusalCount', {
  description: 'How often one caller was refused for one reason in one minute. A request counts once for each reason.',
})
class RefusalCountObject {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => DateTimeScalar, { description: 'When the minute began.' })
  minute: Date;

  @Field(() => RefusalReason, { description: 'Why.' })
  reason: ReasonName;

  @Field(() => AuditCallerObject, {
    nullable: true,
    description: 'Who was refused. Null if nobody knows, and for callers that are not counted apart.',
  })
  caller: AuditCallerObject | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The IP address that the requests came from. Null for the sum of all others, once a process has counted 200 different reasons, callers and addresses in a minute.',
  })
  address: string | null;

  @Field(() => Int, { description: 'How often.' })
  count: number;
}

export const RefusalList = listOf(RefusalCountObject, 'RefusalList', 'counts of refusals');

@InputType({ description: 'Which counts of refusals. If several fields are given, all of them must hold.' })
export class RefusalFilterInput {
  @Field(() => [RefusalReason], { nullable: true, description: 'Only these reasons. [] matches none.' })
  reasons?: ReasonName[] | null;

  @Field(() => ID, { nullable: true, description: 'Only refusals of this caller.' })
  callerId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only refusals of requests from this IP address.' })
  address?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only minutes that began at this time or later.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only minutes that began before this time.' })
  to?: Date | null;
}
