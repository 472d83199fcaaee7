import { createServer } from 'node:net';
import { StartupError } from '../ports/startup-error.js';

/** Sees to it that a port can be listened on, before anything is started that would have to be stopped again. Throws StartupError. */
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

/** Why a port cannot be listened on, as StartupError; every other error as it is. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const reason = reasonOf((error as NodeJS.ErrnoException | null)?.code, host, port);
  return reason === null ? error : new StartupError(reason, { cause: error });
}

function reasonOf(code: string | undefined, host: string, port: number): string | null {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is taken by another program, perhaps another Sluice; stop that one, or set PORT to another port`;
    case 'EACCES':
      return `port ${port} of ${host} is not allowed for this user; set PORT to one above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST is ${host}, which is no address of this machine; set it to 127.0.0.1, or to 0.0.0.0 for all addresses`;
    default:
      return null;
  }
}
