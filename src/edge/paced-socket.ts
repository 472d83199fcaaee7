import type { Socket } from 'node:net';
import { endTurn } from '../event-loop/turns.js';

/** The connections that rest now, and whether each may be read on afterwards. */
const resting = new WeakMap<Socket, () => boolean>();

/**
 * Reads no more from a socket until others had their turn, and then only if `mayReadOn`; otherwise whoever has stopped the reading resumes it. Libuv reads from one socket up to 32 times 64 KB before it looks at another: of
 * ordinary data that is little work, but tiny chunks or frames cost as much each as large ones. Call it again if node reads on meanwhile, which it does at the end of a request.
 */
export function letSocketRest(socket: Socket, mayReadOn: () => boolean): void {
  socket.pause();
  const isResting = resting.has(socket);
  resting.set(socket, mayReadOn);
  if (!isResting) void endTurn().then(() => readOn(socket));
}

function readOn(socket: Socket): void {
  const mayReadOn = resting.get(socket);
  resting.delete(socket);
  if (!socket.destroyed && mayReadOn?.()) socket.resume();
}
