import type { Socket } from 'node:net';
import { endTurn } from '../event-loop/turns.js';

/** The connections that rest now, and whether each may be read on afterwards. */
const resting = new WeakMap<Socket, () => boolean>();

/**
 * Stops reading from a socket until others had their turn. Then reads on if `mayReadOn` returns true; otherwise the code that has stopped the reading resumes it. In one round of the event loop, libuv
 * reads up to 32 times 64 KB from each socket for which something has arrived, whatever is done with it.
 *
 * Node reads on at the end of a request, even during a rest, so call it for each piece that arrives. A further call during a rest does not make it longer. Its `mayReadOn` decides then: it is that of the latest request.
 */
export function letSocketRest(socket: Socket, mayReadOn: () => boolean): void {
  socket.pause();
  const isResting = resting.has(socket);
  resting.set(socket, mayReadOn);
  if (!isResting) void endTurn().then(() => readOn(socket));
}

/** Whether others have their turn before more is read from this socket. */
export function isResting(socket: Socket): boolean {
  return resting.has(socket);
}

function readOn(socket: Socket): void {
  const mayReadOn = resting.get(socket);
  resting.delete(socket);
  if (!socket.destroyed && mayReadOn?.()) socket.resume();
}
