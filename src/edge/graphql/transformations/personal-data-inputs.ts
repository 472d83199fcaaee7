import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { MASK_MODES, type MaskMode } from '../../../domain/transform/steps/mask.js';
import { columnId } from '../input-bounds.js';
import { SecretScalar } from '../scalars.js';
import { asEnum, described } from '../types/enums.js';
import { TEXT_COLUMN } from './text-inputs.js';

const MaskModeNames = asEnum(MASK_MODES);
registerEnumType(MaskModeNames, {
  name: 'MaskMode',
  description: 'Which characters of a text are masked.',
  valuesConfig: described<MaskMode>({
    ALL: 'Every character.',
    EMAIL:
      'Those before the last @: `ada@example.com` becomes `***@example.com`. A text that is no address is masked whole.',
    PHONE: 'Letters and digits; what stands between them stays: `+44 20 7946` becomes `+** ** ****`.',
  }),
});

@InputType({
  description:
    'How to mask a text. A character is a Unicode code point. The number of characters stays visible; to hide that too, use hash, or remove the column.',
})
export class MaskInput {
  @columnId()
  @Field(() => ID, { description: TEXT_COLUMN })
  column: string;

  @Field(() => MaskModeNames, { defaultValue: 'ALL', description: 'Which characters are masked.' })
  mode: MaskMode;

  @Field(() => Int, {
    defaultValue: 0,
    description:
      'How many of these characters stay visible at the start, 0 to 100. If keepStart and keepEnd together would keep all of them, all are masked.',
  })
  keepStart: number;

  @Field(() => Int, { defaultValue: 0, description: 'How many of the last such characters stay, 0 to 100.' })
  keepEnd: number;

  @Field({ defaultValue: '*', description: 'The character that replaces each masked one.' })
  character: string;
}

@InputType({
  description:
    'How to hash a value. The hash is 64 hexadecimal digits in lower case: SHA-256 of the UTF-8 text of the salt, directly followed by that of the value. Equal values have equal hashes, so they can still be counted and joined.',
})
export class HashInput {
  @columnId()
  @Field(() => ID, {
    description:
      'The id of a TEXT, NUMERIC, BOOLEAN or DATETIME column. A number is hashed as JSON writes it (1.5), a boolean as true or false, a date as 2024-02-29T12:30:00.000Z. If its value is null, the result is null.',
  })
  column: string;

  @Field(() => SecretScalar, {
    nullable: true,
    description:
      'A secret text, 1 to 200 characters. Without one, anybody can find out the hash of a known e-mail address or phone number. Leave it out to keep the salt that the transformation with this id has. To change it is to change every hash: applying it rebuilds the stored rows.',
  })
  salt?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'In a design that is read: true if there is a salt. If you send true, the transformation with this id must have one, or you must give one. False removes it.',
  })
  saltSet?: boolean | null;
}
