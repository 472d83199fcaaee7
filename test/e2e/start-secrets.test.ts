import { tmpdir } from 'node:os';
import { expect, it } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { startApp } from '../../src/start-app.js';
import { createLogger } from '../../src/telemetry/logger.js';

const PLANTED = 'planted-secret-7f7f';

it.each<NodeJS.ProcessEnv>([
  { MONGODB_URL: PLANTED },
  { MONGODB_URL: `mongodb://user:${PLANTED}@` },
  { ELASTICSEARCH_URL: 'http://host:9200', ELASTICSEARCH_PASSWORD: PLANTED },
  { ELASTICSEARCH_API_KEY: PLANTED },
  { SLUICE_GEOCODER_URL: `http://host/?key=${PLANTED}` },
  { SLUICE_JWT_SECRET: PLANTED },
  { SLUICE_JWKS_URL: `https://user:${PLANTED}@host/keys` },
  { SLUICE_API_KEYS: PLANTED, PORT: 'x' },
])('a start that fails does not show the secret in %j', async (env) => {
  const started = async () =>
    startApp(readConfig({ SLUICE_DATA_DIR: tmpdir(), PORT: '0', ...env }), createLogger('silent'), () => undefined);
  const refusal = await started().then(
    (app) => app.close().then(() => 'it starts'),
    (error: Error) => `${error.name}: ${error.message}`,
  );
  expect(refusal).toMatch(/^StartupError: /);
  expect(refusal).not.toContain(PLANTED);
});
