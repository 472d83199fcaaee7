import { SluiceError } from '../../domain/errors.js';
import type { JsonValue } from '../../domain/json/json-value.js';
import { parseSentJsonInSlices } from '../../domain/json/parse-json.js';
import { inTurns } from '../../event-loop/turns.js';

/** The most values of a GraphQL request: they are all in memory together, unlike the records of a body for REST. */
const MAX_REQUEST_VALUES = 1_000_000;
/** About how much memory a value takes. */
const BYTES_OF_VALUE = 128;

/**
 * Parses the JSON of a GraphQL request in turns, so that other requests are answered meanwhile. `reserve` is called with about how many bytes of memory its values take, before
 * they are built. Throws INVALID_JSON, BAD_REQUEST, PAYLOAD_TOO_LARGE, and what `reserve` throws.
 */
export function parseRequestJson(bytes: Buffer, reserve: (bytes: number) => void): Promise<JsonValue> {
  return inTurns(
    parseSentJsonInSlices(bytes, (values) => {
      if (values > MAX_REQUEST_VALUES) throw tooManyValues(values);
      reserve(values * BYTES_OF_VALUE);
    }),
  );
}

function tooManyValues(values: number): SluiceError {
  const message = `the request has ${values} values, counting each element and each member; at most ${MAX_REQUEST_VALUES} are allowed: push large payloads to /dataload, or send less at a time`;
  return new SluiceError('PAYLOAD_TOO_LARGE', message, {
    expected: `at most ${MAX_REQUEST_VALUES} values`,
    actual: `${values} values`,
  });
}
