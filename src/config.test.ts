import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

const URL = 'https://one.example:9200';

describe('the configuration of Elasticsearch', () => {
  it('is none without its URL, an empty one too', () => {
    expect(readConfig({}).elasticsearch).toBeUndefined();
    expect(readConfig({ ELASTICSEARCH_URL: '' }).elasticsearch).toBeUndefined();
  });

  it('has several servers, and defaults that suit one node and many', () => {
    expect(readConfig({ ELASTICSEARCH_URL: `${URL}, http://two.example` }).elasticsearch).toMatchObject({
      urls: [URL, 'http://two.example'],
      shards: 1,
      replicas: '0-1',
      refreshInterval: '-1',
    });
  });

  it.each(['0', '2', '1-1', '0-1', '1-all'])('takes %s replicas', (replicas) => {
    expect(readConfig({ ELASTICSEARCH_URL: URL, ELASTICSEARCH_REPLICAS: replicas }).elasticsearch).toMatchObject({
      replicas,
    });
  });

  it.each([
    [{ ELASTICSEARCH_URL: 'one.example:9200' }, /ELASTICSEARCH_URL.*: give http:\/\/ or https:\/\/ URLs/],
    [{ ELASTICSEARCH_API_KEY: 'k' }, /ELASTICSEARCH_URL: ELASTICSEARCH_API_KEY is set/],
    [
      { ELASTICSEARCH_URL: URL, ELASTICSEARCH_USERNAME: 'u' },
      /ELASTICSEARCH_USERNAME: a user name and ELASTICSEARCH_PASSWORD go together/,
    ],
    [
      {
        ELASTICSEARCH_URL: URL,
        ELASTICSEARCH_API_KEY: 'k',
        ELASTICSEARCH_USERNAME: 'u',
        ELASTICSEARCH_PASSWORD: 'p',
      },
      /ELASTICSEARCH_API_KEY: give either it or a user name and password/,
    ],
    [{ ELASTICSEARCH_URL: URL, ELASTICSEARCH_SHARDS: '0' }, /ELASTICSEARCH_SHARDS/],
    [{ ELASTICSEARCH_CA: 'ca.pem' }, /ELASTICSEARCH_CA: is set, and there is no Elasticsearch/],
    [{ ELASTICSEARCH_URL: URL, ELASTICSEARCH_REPLICAS: '2-1' }, /ELASTICSEARCH_REPLICAS: the range 2-1/],
    [{ ELASTICSEARCH_URL: URL, ELASTICSEARCH_REPLICAS: 'many' }, /ELASTICSEARCH_REPLICAS: give a number, or a range/],
    [{ ELASTICSEARCH_URL: URL, ELASTICSEARCH_REFRESH_INTERVAL: '1' }, /ELASTICSEARCH_REFRESH_INTERVAL: give a time/],
  ])('%j is refused by the name of the variable', (env, message) => {
    expect(() => readConfig(env)).toThrow(message);
  });
});
