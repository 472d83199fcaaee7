import { register } from 'node:module';

/*
 * Loaded into a service, it makes the import of `app.ts` fail, with an error that says whether the service's mongod exists by then, and accepts connections.
 */
const hooks = `
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

export async function resolve(specifier, context, next) {
  if (!specifier.endsWith('/app.js')) return next(specifier, context);
  const { port } = JSON.parse(readFileSync(join(process.env.SLUICE_DATA_DIR, 'mongod.json'), 'utf8'));
  const state = await new Promise((found) => {
    const socket = connect(port, '127.0.0.1', () => found('ready'));
    socket.on('error', ({ code }) => found(code)).unref();
  });
  throw new Error('unreadable program, while mongod is ' + state);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
