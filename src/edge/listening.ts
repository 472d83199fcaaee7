import { createServer } from 'node:net';
import { StartupError } from '../ports/startup-error.js';

/** Checks that the service can listen on a port, before it starts anything that it would have to stop again. Throws StartupError. */
export async function refuseTakenPort(host: string, port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject).listen(port, host, resolve);
    });
  } catch (error) {
    throw listenError(error, host, port);
  }
  await new Promise((resolve) => probe.close(resolve));
}

/** Turns a known reason why a port cannot be used into a StartupError; returns every other error unchanged. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const reason = reasonOf((error as NodeJS.ErrnoException | null)?.code, host, port);
  return reason === null ? error : new StartupError(reason, { cause: error });
}

function reasonOf(code: string | undefined, host: string, port: number): string | null {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is in use by another program, perhaps another Sluice; stop it, or set PORT to another port`;
    case 'EACCES':
      return `port ${port} of ${host} is not allowed for this user; set PORT to one above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST is ${host}, which is not an address of this machine; set it to 127.0.0.1, or to 0.0.0.0 for all addresses`;
    default:
      return null;
  }
}
