import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { MASK_MODES, type MaskMode } from '../../../domain/transform/steps/mask.js';
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
