import { availableParallelism } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { readConfig, unknownVariables } from './config.js';

const URL = 'https://one.example:9200';

describe('the configuration of Elasticsearch', () => {
  it('is absent without a URL, or with an empty one', () => {
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

  it.each(['0', '2', '1-1', '0-1', '1-all'])('accepts %s replicas', (replicas) => {
    expect(readConfig({ ELASTICSEARCH_URL: URL, ELASTICSEARCH_REPLICAS: replicas }).elasticsearch).toMatchObject({
      replicas,
    });
  });

  it.each([
    [{ ELASTICSEARCH_URL: 'one.example:9200' }, /ELASTICSEARCH_URL.*: give http:\/\/ or https:\/\/ URLs/],
    [{ ELASTICSEARCH_API_KEY: 'k' }, /ELASTICSEARCH_URL: ELASTICSEARCH_API_KEY is set/],
    [
      { ELASTICSEARCH_URL: URL, ELASTICSEARCH_USERNAME: 'u' },
      /ELASTICSEARCH_USERNAME: give both ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD, or neither/,
    ],
    [
      {
        ELASTICSEARCH_URL: URL,
        ELASTICSEARCH_API_KEY: 'k',
        ELASTICSEARCH_USERNAME: 'u',
        ELASTICSEARCH_PASSWORD: 'p',
      },
      /ELASTICSEARCH_API_KEY: give either an API key or a user name and password/,
    ],
    [{ ELASTICSEARCH_URL: URL, ELASTICSEARCH_SHARDS: '0' }, /ELASTICSEARCH_SHARDS/],
    [{ ELASTICSEARCH_CA: 'ca.pem' }, /ELASTICSEARCH_CA: is set, but there is no Elasticsearch/],
    [{ ELASTICSEARCH_URL: URL, ELASTICSEARCH_REPLICAS: '2-1' }, /ELASTICSEARCH_REPLICAS: the range 2-1/],
    [{ ELASTICSEARCH_URL: URL, ELASTICSEARCH_REPLICAS: 'many' }, /ELASTICSEARCH_REPLICAS: give a number, or a range/],
    [{ ELASTICSEARCH_URL: URL, ELASTICSEARCH_REFRESH_INTERVAL: '1' }, /ELASTICSEARCH_REFRESH_INTERVAL: give a time/],
  ])('is refused, with the name of the variable: %j', (env, message) => {
    expect(() => readConfig(env)).toThrow(message);
  });
});

describe('the configuration of a geocoder', () => {
  it('is absent without a URL, and has defaults', () => {
    expect(readConfig({ SLUICE_GEOCODER_RATE: '5' }).geocoder).toBeUndefined();
    const url = 'https://g.example/search?q={q}';
    expect(readConfig({ SLUICE_GEOCODER_URL: url }).geocoder).toEqual({ url, rate: 1, askingMs: 30_000 });
    const given = { SLUICE_GEOCODER_URL: url, SLUICE_GEOCODER_RATE: '0.5', SLUICE_GEOCODER_SECONDS: '60' };
    expect(readConfig(given).geocoder).toEqual({ url, rate: 0.5, askingMs: 60_000 });
  });

  it('is refused without placeholders, and its URL is not quoted', () => {
    const read = () => readConfig({ SLUICE_GEOCODER_URL: 'https://g.example/search?key=secret' });
    expect(read).toThrow(/SLUICE_GEOCODER_URL: give a URL with the placeholders/);
    expect(read).not.toThrow(/secret/);
  });
});

describe('the configuration of viewer tokens', () => {
  const secret = 'x'.repeat(31);
  const url = 'https://issuer.example/keys';

  it('is absent without a secret and a URL, and has one of both', () => {
    expect(readConfig({}).viewerTokens).toBeUndefined();
    const given = { SLUICE_JWT_SECRET: `${secret}x`, SLUICE_JWT_ISSUER: 'me', SLUICE_JWT_AUDIENCE: 'sluice' };
    const key = { kind: 'SECRET', secret: `${secret}x` };
    expect(readConfig(given).viewerTokens).toEqual({ key, issuer: 'me', audience: 'sluice' });
    expect(readConfig({ SLUICE_JWKS_URL: url }).viewerTokens).toEqual({ key: { kind: 'JWKS', url } });
  });

  it.each(['http://127.0.0.1:8080/keys', 'http://localhost/keys', 'http://[::1]/keys'])(
    'has a URL such as %s',
    (local) => {
      expect(readConfig({ SLUICE_JWKS_URL: local }).viewerTokens?.key).toEqual({ kind: 'JWKS', url: local });
    },
  );

  it.each([
    [{ SLUICE_JWT_SECRET: secret }, /SLUICE_JWT_SECRET: give a secret of 32 bytes or more/],
    [{ SLUICE_JWT_SECRET: `${secret}x`, SLUICE_JWKS_URL: url }, /SLUICE_JWT_SECRET: give either .* not both/],
    [{ SLUICE_JWT_ISSUER: 'me' }, /SLUICE_JWT_ISSUER: is set, but no viewer tokens are accepted/],
    [{ SLUICE_JWT_AUDIENCE: 'me' }, /SLUICE_JWT_AUDIENCE: is set, but no viewer tokens are accepted/],
    [{ SLUICE_JWKS_URL: 'http://issuer.example/keys' }, /SLUICE_JWKS_URL: give an https:/],
    [{ SLUICE_JWKS_URL: 'http://localhost.example/keys' }, /SLUICE_JWKS_URL: give an https:/],
    [{ SLUICE_JWKS_URL: 'http://127.0.0.1.example/keys' }, /SLUICE_JWKS_URL: give an https:/],
    [
      { SLUICE_JWKS_URL: 'https://me:password@issuer.example/keys' },
      /SLUICE_JWKS_URL: give an https:.*without a user name/,
    ],
    [{ SLUICE_JWKS_URL: 'file:///keys' }, /SLUICE_JWKS_URL: give an https:/],
    [{ SLUICE_JWKS_URL: 'keys' }, /SLUICE_JWKS_URL: give an https:/],
  ])('is refused, and its values are not quoted: %j', (env, message) => {
    expect(() => readConfig(env)).toThrow(message);
    for (const value of Object.values(env)) {
      if (value.length > 4) expect(() => readConfig(env)).not.toThrow(value);
    }
  });
});

it('refuses an API key that looks like a viewer token, because it would be taken for one', () => {
  const read = () => readConfig({ SLUICE_API_KEY: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl' });
  expect(read).toThrow(/SLUICE_API_KEY: give a secret that does not look like a JSON Web Token/);
});

describe('the origins of pages', () => {
  it('are none by default, and a list that is separated by commas', () => {
    expect(readConfig({}).corsOrigins).toEqual([]);
    const list = 'https://app.example, http://localhost:5173 ,http://[::1]:8080';
    expect(readConfig({ SLUICE_CORS_ORIGINS: list }).corsOrigins).toEqual([
      'https://app.example',
      'http://localhost:5173',
      'http://[::1]:8080',
    ]);
  });

  it.each([
    ['*', /SLUICE_CORS_ORIGINS: cannot be \*: every page on the web could then/],
    ['https://app.example,*', /cannot be \*/],
    ['https://app.example/', /"https:\/\/app.example\/" is not an origin; write https:\/\/app.example$/],
    ['https://app.example/path', /write https:\/\/app.example$/],
    ['https://App.Example', /write https:\/\/app.example$/],
    ['https://app.example:443', /write https:\/\/app.example$/],
    ['https://me@app.example', /write https:\/\/app.example$/],
    ['https://*.example', /is not an origin/],
    ['app.example', /is not an origin; give origins such as/],
    ['null', /is not an origin; give origins such as/],
    ['https://app.example,', /"" is not an origin; give origins such as/],
    ['ftp://app.example', /is not an origin; give origins such as/],
  ])('are refused: %s', (origins, message) => {
    expect(() => readConfig({ SLUICE_CORS_ORIGINS: origins })).toThrow(message);
  });
});

it('has no more threads than one for each core but one, unless they are asked for', () => {
  expect(readConfig({}).threads).toBe(Math.min(4, availableParallelism() - 1));
  expect(readConfig({ SLUICE_THREADS: '0' }).threads).toBe(0);
  expect(() => readConfig({ SLUICE_THREADS: '65' })).toThrow('SLUICE_THREADS');
});

describe('introspection', () => {
  it('is on by default, and can be switched off', () => {
    expect([readConfig({}).introspection, readConfig({ SLUICE_INTROSPECTION: 'off' }).introspection]).toEqual([
      true,
      false,
    ]);
    expect(() => readConfig({ SLUICE_INTROSPECTION: 'no' })).toThrow(/SLUICE_INTROSPECTION/);
  });
});

describe('an unknown variable', () => {
  it.each([
    ['SLUICE_MAX_PAYLOD_BYTES', 'SLUICE_MAX_PAYLOAD_BYTES'],
    ['SLUICE_DATADIR', 'SLUICE_DATA_DIR'],
    ['sluice_role', 'SLUICE_ROLE'],
    ['SLUICE_PORT', 'PORT'],
    ['SLUICE_MONGODB_URL', 'MONGODB_URL'],
    ['SLUICE_LOGLEVEL', 'SLUICE_LOG_LEVEL'],
  ])('gives a warning with the nearest known one: %s', (name, nearest) => {
    const secret = 'the value may be a secret';
    const [warning, ...others] = unknownVariables({ [name]: secret, SLUICE_ROLE: 'api', SLUICE_URL: 'x', PATH: 'x' });
    expect(warning).toBe(`the variable ${name} is unknown and has no effect; did you mean ${nearest}?`);
    expect([others, warning?.includes(secret)]).toEqual([[], false]);
  });

  it('is named along with wrong variables', () => {
    expect(() => readConfig({ PORT: 'x', SLUICE_ROL: 'api' })).toThrow(
      /PORT: it is no number; give one\n[\s\S]+SLUICE_ROL .+mean SLUICE_ROLE\?/,
    );
  });
});
