import { Field, ObjectType } from 'type-graphql';

@ObjectType('PushInstructions', {
  description: 'Commands to copy into a shell. Each runs unchanged if $API_KEY holds an API key.',
})
export class PushInstructionsObject {
  @Field({ description: 'The base URL of the REST routes.' })
  postDataUrl: string;

  @Field(() => String, {
    nullable: true,
    description: 'A command that pushes the sample. Null until changes are applied; notes says so.',
  })
  postData: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "A command that deletes the sample's records. Null until changes are applied, and if no record of the sample has a value for every unique identifier; notes says so.",
  })
  deleteData: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A command that deletes all records. Null while the dataset is empty; notes says so.',
  })
  deleteAllData: string | null;

  @Field({ description: 'A command that asks for the status of the job whose id is in $JOB_ID.' })
  status: string;

  @Field(() => [String], { description: 'Why a command is missing, the warnings of the applied design, and advice.' })
  notes: readonly string[];
}
