import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import {
  type AuditAction as ActionName,
  AUDIT_ACTIONS,
  AUDIT_OUTCOMES,
  AUDIT_SUBJECTS,
  type AuditOutcome as OutcomeName,
  type AuditSubject as SubjectName,
} from '../../../domain/security/audit.js';
import type { Caller } from '../../../domain/security/caller.js';
import { DateTimeScalar } from '../scalars.js';
import { asEnum, described } from './enums.js';
import { listOf } from './page.js';

const AuditAction = asEnum(AUDIT_ACTIONS);
registerEnumType(AuditAction, {
  name: 'AuditAction',
  description: 'What was done.',
  valuesConfig: described<ActionName>({
    CREATE_CONNECTION: 'A connection was created.',
    UPDATE_CONNECTION: 'The name or the sample of a connection was changed.',
    DELETE_CONNECTION: 'A connection was deleted.',
    CREATE_DATASET: 'A dataset was created, perhaps with its connection, and perhaps applied.',
    DELETE_DATASET: 'A dataset was deleted.',
    UPDATE_DESIGN: 'The draft of a design was edited.',
    DISCARD_CHANGES: 'The changes of a draft were discarded.',
    APPLY_CHANGES: 'A draft was applied.',
    REBUILD_DATASET: 'A rebuild of the rows of a dataset was requested.',
    TERMINATE_JOB: 'A job was terminated.',
    REPLAY_QUARANTINE: 'A replay of quarantined records was requested.',
    DISCARD_QUARANTINE: 'Quarantined records were discarded.',
    CREATE_API_KEY: 'An API key was created.',
    ROTATE_API_KEY: 'An API key got a new secret.',
    REVOKE_API_KEY: 'An API key was revoked.',
    CREATE_PUSH_URL: 'A push URL was created.',
    REVOKE_PUSH_URL: 'A push URL was revoked.',
    CREATE_VIEWER_TOKEN: 'A viewer token was signed.',
  }),
});

const AuditSubject = asEnum(AUDIT_SUBJECTS);
registerEnumType(AuditSubject, {
  name: 'AuditSubjectKind',
  description: 'What kind of thing something was done to.',
  valuesConfig: described<SubjectName>({
    CONNECTION: 'A connection.',
    DATASET: 'A dataset, its design or its quarantine.',
    JOB: 'A job.',
    API_KEY: 'An API key.',
    PUSH_URL: 'A push URL.',
    VIEWER: 'The subject of a viewer token.',
  }),
});

const AuditOutcome = asEnum(AUDIT_OUTCOMES);
registerEnumType(AuditOutcome, {
  name: 'AuditOutcome',
  description: 'How an action ended. Refused actions have no entries.',
  valuesConfig: described<OutcomeName>({
    DONE: 'It was done.',
    UNKNOWN:
      'The service or its database stopped during the action, so that it may or may not have been done. Such an entry appears about ten minutes after the action.',
  }),
});

const CallerKind = asEnum<Caller['kind']>(['API_KEY', 'VIEWER', 'PUSH_URL']);
registerEnumType(CallerKind, {
  name: 'CallerKind',
  description: 'What a caller identifies itself with.',
  valuesConfig: described<Caller['kind']>({
    API_KEY: 'An API key.',
    VIEWER: 'A viewer token.',
    PUSH_URL: 'A push URL.',
  }),
});

@ObjectType('AuditCaller', { description: 'Who did something.' })
export class AuditCallerObject {
  @Field(() => ID, { description: 'The id of the API key or the push URL, or the subject of the viewer token.' })
  id: string;

  @Field(() => CallerKind, { description: 'What it identified itself with.' })
  kind: Caller['kind'];

  @Field({ description: 'Its name at that time.' })
  name: string;
}

@ObjectType('AuditSubject', { description: 'What something was done to.' })
export class AuditSubjectObject {
  @Field(() => AuditSubject, { description: 'What kind of thing it is.' })
  kind: SubjectName;

  @Field(() => ID, {
    nullable: true,
    description: 'Its id. Null if the action was to create it and its outcome is UNKNOWN.',
  })
  id: string | null;

  @Field(() => String, { nullable: true, description: 'Its name when the action began. Null for what has none.' })
  name: string | null;
}

@ObjectType('AuditEntry', {
  description: 'One action. It has no samples, no records and no secrets.',
})
export class AuditEntryObject {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => DateTimeScalar, { description: 'When the action began.' })
  at: Date;

  @Field(() => AuditAction, { description: 'What was done.' })
  action: ActionName;

  @Field(() => AuditOutcome, { description: 'How it ended.' })
  outcome: OutcomeName;

  @Field(() => AuditSubjectObject, { description: 'What it was done to.' })
  subject: AuditSubjectObject;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of the dataset that it concerns, which may be deleted. Null if it concerns none or several.',
  })
  datasetId: string | null;

  @Field(() => AuditCallerObject, {
    nullable: true,
    description: 'Who did it. Null if it was done on the machine of the service, such as with `npm run key`.',
  })
  caller: AuditCallerObject | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The IP address that the request came from; behind a proxy, see SLUICE_TRUST_PROXY. Null if it was done on the machine of the service.',
  })
  address: string | null;
}

export const AuditLogList = listOf(AuditEntryObject, 'AuditLogList', 'the audit log');

@InputType({ description: 'Which entries of the audit log. If several fields are given, all of them must hold.' })
export class AuditFilterInput {
  @Field(() => [AuditAction], { nullable: true, description: 'Only these actions. [] matches none.' })
  actions?: ActionName[] | null;

  @Field(() => ID, { nullable: true, description: 'Only what this caller did.' })
  callerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only what concerns this dataset.' })
  datasetId?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only actions that began at this time or later.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only actions that began before this time.' })
  to?: Date | null;
}
