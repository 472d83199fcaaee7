import { describe, expect, it } from '@jest/globals';
import { within } from '../../test/support/within.js';
import { atOnce } from './at-once.js';
import { linkFaults } from './design/column-link.js';
import { isRoundedNumber, scalarConversion } from './design/convert-value.js';
import { compileDateFormat, dateFormatFault } from './design/date-format.js';
import { mergeFields, NO_COLUMNS } from './design/design-from-fields.js';
import { normalizeName } from './geolocation/normalize-name.js';
import { withoutHookPaths } from './hooks/redact-tokens.js';
import { parseJson, parseSentJson } from './json/parse-json.js';
import { briefJson, stringifyJson } from './json/stringify-json.js';
import { pushInstructions } from './push/push-instructions.js';
import { readBareRecords } from './push/sent-body.js';
import { dateTimeFault, isInferredDateTime, parseDateTime } from './sample/date-time.js';
import { fieldPath } from './sample/field-path.js';
import { readSample } from './sample/read-sample.js';

const LENGTH = 120_000;
/** Linear work takes a few milliseconds here, a pattern that takes the square of the length some ten seconds. */
const LIMIT_MS = 1_500;

const many = (text: string) => text.repeat(LENGTH / text.length);
const manyKeys = () => Array.from({ length: LENGTH / 10 }, (_, index) => `"k${index}":0,`).join('');
const PLAIN = { inputFormat: null, inputTimeZone: null };
const number = scalarConversion('NUMERIC', PLAIN);
const refused = (run: () => unknown) => () => expect(run).toThrow();

/** Every reader of texts that clients send, each with texts on which a pattern that goes back would go back most. */
const READERS: [string, (text: string) => unknown, string[]][] = [
  [
    'a decimal',
    number,
    [`${many('1')}x`, `${many('0')}x`, `1.${many('1')}x`, `1e${many('1')}x`, `${many(' ')}x`, `-${many('0')}1.`],
  ],
  [
    'a number that would be rounded',
    isRoundedNumber,
    [`${many('1')}x`, many('1'), `1e-${many('0')}`, `.${many('0')}1`],
  ],
  ['true or false', scalarConversion('BOOLEAN', PLAIN), [many(' '), many('t')]],
  [
    'an ISO date',
    (text) => [parseDateTime(text), dateTimeFault(text), isInferredDateTime(text)],
    [
      `2024-01-01T00:00:00.${many('1')}x`,
      `20240101T000000,${many('1')}+`,
      `2024-01-01T24:00:00.${many('0')}1`,
      many('2024-'),
      many('2024'),
    ],
  ],
  ['a date of a format', compileDateFormat('D/M/YY h:m:s A'), [many('1'), many('1/'), `1/1/24 1:1:1 A${many('A')}`]],
  ['seconds', compileDateFormat('EPOCH_SECONDS'), [`${many('1')}x`, `1.${many('1')}x`, `${many(' ')}x`]],
  ['nanoseconds', compileDateFormat('EPOCH_NANOSECONDS'), [`-${many('1')}x`, many('1'), `${many('0')}1.${many('9')}`]],
  [
    'a date of RFC 2822',
    compileDateFormat('RFC_2822'),
    [
      `Mon${many(' ')}x`,
      `Mon,${many('\t')}1 Jan 2024`,
      `1${many(' ')}Jan${many('\n')}2024${many(' ')}00:00 GMT${many(' ')}(`,
      `1 Jan 2024 00:00 GMT ${many('(')}`,
      `1 Jan 2024 00:00 GMT (${many('x')}`,
    ],
  ],
  ['a date format', (text) => expect(dateFormatFault(text)).not.toBeNull(), [many('['), many('Y'), many('-')]],
  ['a key', (text) => fieldPath(null, text), [many('.'), many('\\')]],
  ['a value for messages', briefJson, [many('"'), many('\ud800')]],
  [
    'JSON',
    parseSentJson,
    [
      `"${many('\\\\')}"`,
      `[${many('"",')}1]`,
      `[${many('1')}]`,
      `[1.${many('1')},1e${many('9')},${many('1')}e-${many('9')}]`,
      `${many(' ')}1`,
    ],
  ],
  [
    'text that is not JSON',
    (text) => refused(() => parseJson(text))(),
    [
      `[${many('1')}x]`,
      many('-'),
      many('1e'),
      many('"\\'),
      `"${many('\\')}`,
      many('\\"'),
      many(' '),
      many('\n'),
      `"${many('\ufffd')}`,
    ],
  ],
  [
    'what is not UTF-8',
    (text) => refused(() => parseJson(Buffer.concat([Buffer.from(text), Buffer.from([0xff])])))(),
    [many('\ufffd'), many('\n'), many('é')],
  ],
  [
    'bytes of which none is UTF-8',
    (text) => refused(() => parseJson(Buffer.from(text, 'latin1')))(),
    [many('\u00ff'), many('\u00c3')],
  ],
  ['NDJSON', (text) => atOnce(readBareRecords(Buffer.from(text), 'NDJSON')), [many('\n'), many(' '), many('1\n')]],
  [
    'keys given twice',
    (text) => refused(() => parseSentJson(text))(),
    [`{"a":1,${many('"b":0,')}"a":2}`, `{"a":1,"a":"${many('\\\\')}"}`, `{${manyKeys()}"k7":0}`],
  ],
  ['a number that is written back', (text) => stringifyJson(parseJson(text)), [many('9'), `-1e${many('9')}`]],
  ['a name of a place', normalizeName, [many('é'), many('縣'), many('- '), many("'"), `${many(' ')}x`]],
  ['a text that may hold tokens', withoutHookPaths, [many('slh_'), many('slh_-'), many('/hooks/'), many('/hooks/"')]],
  [
    'a sample in a shell command',
    (text) => pushInstructions('http://h', 'x', { sample: JSON.stringify({ text }), columns: [], warnings: [] }, 1),
    [`SLUICE_BODY${many('_')}`, many('SLUICE_BODY_'), many("'")],
  ],
];

describe('texts that are made to be slow', () => {
  it.each(READERS)('cost time linear in their length as %s', (_name, read, texts) => {
    for (const text of texts) within(LIMIT_MS, () => read(text));
  });

  it('cost time linear in their number as keys of a sample that all want the same name', () => {
    const keys = Array.from({ length: 5_000 }, (_, n) =>
      [...n.toString(2)].map((bit) => (bit === '0' ? ' ' : '\t')).join(''),
    );
    const { fields } = readSample(Object.fromEntries(keys.map((key) => [key, 1])));
    const { columns } = within(LIMIT_MS / 3, () => mergeFields(NO_COLUMNS, fields));
    expect(new Set(columns.map(({ name }) => name)).size).toBe(fields.length);
  });

  it('cost time linear in their length as links, of which a design may have thousands', () => {
    const templates = ['{', '{{', '{{\\}', '{{x}', '}', '\\'].map(
      (text) => `http://x/${text.repeat(1_900 / text.length)}`,
    );
    within(LIMIT_MS, () => {
      for (let column = 0; column < 1_000; column += 1) {
        for (const url of templates) linkFaults({ url, title: null }, new Map());
      }
    });
  });
});
