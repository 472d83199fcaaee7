import { describe, expect, it } from '@jest/globals';
import { recordsIn } from '../../../test/support/sent-records.js';
import { atOnce } from '../at-once.js';
import { type HookBody, readHookBody } from './read-hook-body.js';

const FORM = 'application/x-www-form-urlencoded';
const RECORD = '{"action": "opened", "text": "100% + ü&=;", "id": 12345678901234567890}';

function read(body: string, mediaType: string): HookBody {
  return atOnce(readHookBody(Buffer.from(body), mediaType));
}

/** The records of a body as they are loaded. */
function recordsOf(body: string, mediaType: string): unknown {
  const { payload, form, data } = read(body, mediaType);
  const records = recordsIn(payload, form);
  expect(records).toHaveLength(data.count);
  return records;
}

describe('readHookBody', () => {
  it.each([['application/json'], ['text/plain'], ['text/json'], ['application/csp-report'], ['']])(
    'reads JSON that is declared %j',
    (mediaType) => {
      expect(recordsOf(RECORD, mediaType)).toEqual(recordsOf(`[${RECORD}]`, ''));
      expect(recordsOf('[{"a": 1}, {"a": 2}]', mediaType)).toEqual([{ a: 1 }, { a: 2 }]);
    },
  );

  it.each([
    ['as GitHub sends it', `payload=${encodeURIComponent(RECORD)}`],
    ['as browsers encode it', `payload=${new URLSearchParams([['', RECORD]]).toString().slice(1)}\r\n`],
    ['among other fields', `a=1&pay%6Coad=${encodeURIComponent(`[${RECORD}]`)}&%&payload2=x&b`],
    ['as JSON that is only declared a form', `\n ${RECORD}`],
  ])('reads the payload of a form %s, and keeps it as JSON', (_, body) => {
    expect(recordsOf(body, FORM)).toEqual(recordsOf(RECORD, 'application/json'));
  });

  it('reads one record per line if the type says so', () => {
    expect(recordsOf('{"a": 1}\n{"a": 2}\n', 'application/x-ndjson')).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it.each([
    ['a=1', 'BAD_REQUEST', 'the form has no field payload'],
    ['', 'BAD_REQUEST', 'the form has no field payload'],
    ['payload', 'BAD_REQUEST', 'the form has no field payload'],
    ['payload={}&payload={}', 'BAD_REQUEST', 'the form has 2 fields payload'],
    ['payload=%FF', 'BAD_REQUEST', 'is not percent-encoded UTF-8'],
    ['payload=', 'INVALID_JSON', 'the body is empty'],
    ['payload={', 'INVALID_JSON', 'line 1'],
  ])('refuses the form %j', (body, code, message) => {
    const attempt = () => read(body, FORM);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a form in several parts, and what is not JSON', () => {
    const unsupported = expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(() => read('--x', 'multipart/form-data')).toThrow(unsupported);
    const invalid = expect.objectContaining({ code: 'INVALID_JSON' });
    expect(() => read('<xml/>', 'application/xml')).toThrow(invalid);
  });
});
