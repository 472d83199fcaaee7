import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

describe('the configuration', () => {
  it('takes payloads up to 128 MB and no larger bound', () => {
    expect(readConfig({}).maxPayloadBytes).toBe(10 * 1024 * 1024);
    expect(readConfig({ SLUICE_MAX_PAYLOAD_BYTES: '134217728' }).maxPayloadBytes).toBe(134_217_728);
    expect(() => readConfig({ SLUICE_MAX_PAYLOAD_BYTES: '134217729' })).toThrow('SLUICE_MAX_PAYLOAD_BYTES');
  });
});
