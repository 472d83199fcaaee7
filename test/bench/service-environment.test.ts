import { describe, expect, it } from '@jest/globals';
import { serviceEnvironment } from '../../bench/service-environment.js';

describe('the environment of the benchmarked service', () => {
  it('has no setting of a service that the user exported', () => {
    const exported = {
      ELASTICSEARCH_URL: 'http://example.com:9200',
      ELASTICSEARCH_API_KEY: 'secret',
      MONGODB_URL: 'mongodb://example.com',
      SLUICE_ROLE: 'api',
      SLUICE_DATA_DIR: '/data',
      HOST: '0.0.0.0',
      PORT: '80',
      PUBLIC_URL: 'https://example.com',
    };
    expect(serviceEnvironment({}, exported)).toEqual({});
  });

  it('keeps what is no setting, and the settings that a run may vary', () => {
    const exported = {
      PATH: '/bin',
      HOSTNAME: 'box',
      SLUICE_MAX_BACKLOG_BYTES: '1',
      SLUICE_MAX_IN_FLIGHT_BYTES: '2',
      SLUICE_THREADS: '3',
    };
    expect(serviceEnvironment({}, exported)).toEqual(exported);
  });

  it('has the settings of the benchmark', () => {
    const settings = { PORT: '0', SLUICE_API_KEY: 'of the benchmark' };
    expect(serviceEnvironment(settings, { PORT: '80', SLUICE_API_KEY: 'of the user' })).toEqual(settings);
  });
});
