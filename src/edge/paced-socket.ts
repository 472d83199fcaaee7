import type { Socket } from 'node:net';
import { endTurn } from '../event-loop/turns.js';

const resting = new WeakMap<Socket, Promise<void>>();

/**
 * Reads no more from a socket until others had their turn. Libuv reads from one socket up to 32 times 64 KB before it looks at another: of ordinary data that is little work, but tiny chunks or frames
 * cost as much each as large ones. Call it again if node reads on meanwhile, which it does at the end of a request.
 */
export function letSocketRest(socket: Socket): Promise<void> {
  socket.pause();
  const rest = resting.get(socket) ?? restOf(socket);
  resting.set(socket, rest);
  return rest;
}

async function restOf(socket: Socket): Promise<void> {
  await endTurn();
  resting.delete(socket);
  if (!socket.destroyed) socket.resume();
}
