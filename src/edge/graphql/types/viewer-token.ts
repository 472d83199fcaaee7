import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar, JsonObjectScalar, JsonScalar } from '../scalars.js';
import { RowColumnObject } from './dataset.js';

@InputType({ description: 'Input for a viewer token.' })
export class CreateViewerTokenInput {
  @Field({
    description: 'Who views, such as the id of a user: 1 to 255 characters. Limits are counted for each subject.',
  })
  subject: string;

  @Field(() => JsonScalar, {
    description:
      'What the viewer sees: `[{"dataset_id": "...", "record_permissions": [{"security_name": "...", "values": [...]}]}]`. An empty list shows the datasets without security names.',
  })
  permissions: unknown;

  @Field(() => Int, {
    defaultValue: 3_600,
    description: 'For how many seconds it is valid, 1 to 86,400. The default is an hour. It cannot be revoked.',
  })
  expiresInSeconds: number;
}

@ObjectType('CreatedViewerToken', { description: 'A signed viewer token. It is not stored.' })
export class CreatedViewerTokenObject {
  @Field({ description: 'The token. Send it in the header `Authorization: Bearer ...`.' })
  token: string;

  @Field(() => DateTimeScalar, { description: 'When it expires.' })
  expiresAt: Date;
}

@ObjectType('PermissionsExplanation', { description: 'What a viewer with certain permissions sees of a dataset.' })
export class PermissionsExplanationObject {
  @Field(() => String, {
    nullable: true,
    description:
      'Why the viewer sees nothing of it and gets FORBIDDEN. Null if it sees rows, even if there are none now.',
  })
  reason: string | null;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description:
      'Which rows the viewer sees, in the form of RecordFilter. Null if it sees all rows, and if it sees nothing. A range with an open end has two comparisons; in an array, one element must meet both.',
  })
  filter: unknown;

  @Field(() => [RowColumnObject], { description: 'The columns that the viewer sees.' })
  columns: readonly RowColumnObject[];

  @Field(() => Int, { description: 'How many rows it sees now.' })
  rowCount: number;
}
