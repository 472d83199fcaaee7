import { describe, expect, it } from '@jest/globals';
import { readPayload } from '../push/payload.js';
import { readHookBody } from './read-hook-body.js';

const FORM = 'application/x-www-form-urlencoded';
const RECORD = '{"action": "opened", "text": "100% + ü&=;", "id": 12345678901234567890}';

describe('readHookBody', () => {
  it.each([['application/json'], ['text/plain'], ['text/json'], ['application/csp-report'], ['']])(
    'reads JSON that is declared %j',
    (mediaType) => {
      expect(readHookBody(Buffer.from(RECORD), mediaType).data).toEqual(
        readHookBody(Buffer.from(`[${RECORD}]`), '').data,
      );
      expect(readHookBody(Buffer.from('[{"a": 1}, {"a": 2}]'), mediaType).data).toEqual([{ a: 1 }, { a: 2 }]);
    },
  );

  it.each([
    ['as GitHub sends it', `payload=${encodeURIComponent(RECORD)}`],
    ['as browsers encode it', `payload=${new URLSearchParams([['', RECORD]]).toString().slice(1)}\r\n`],
    ['among other fields', `a=1&pay%6Coad=${encodeURIComponent(`[${RECORD}]`)}&%&payload2=x&b`],
    ['as JSON that is only declared a form', `\n ${RECORD}`],
  ])('reads the payload of a form %s, and keeps it as JSON', (_, body) => {
    const { data, payload, form } = readHookBody(Buffer.from(body), FORM);
    expect(data).toEqual(readHookBody(Buffer.from(RECORD), 'application/json').data);
    expect(readPayload(payload, form)).toEqual(data);
  });

  it('reads one record per line if the type says so', () => {
    const { data, form } = readHookBody(Buffer.from('{"a": 1}\n{"a": 2}\n'), 'application/x-ndjson');
    expect([data, form]).toEqual([[{ a: 1 }, { a: 2 }], 'NDJSON']);
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
    const attempt = () => readHookBody(Buffer.from(body), FORM);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a form in several parts, and what is not JSON', () => {
    const unsupported = expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(() => readHookBody(Buffer.from('--x'), 'multipart/form-data')).toThrow(unsupported);
    const invalid = expect.objectContaining({ code: 'INVALID_JSON' });
    expect(() => readHookBody(Buffer.from('<xml/>'), 'application/xml')).toThrow(invalid);
  });
});
