import type { Socket } from 'node:net';
import { endTurn } from '../event-loop/turns.js';

/**
 * Reads no more from a socket until others had their turn. Libuv reads from one socket up to 32 times 64 KB before it looks at another: of ordinary data that is little work, but tiny chunks or frames
 * cost as much each as large ones.
 */
export async function letSocketRest(socket: Socket): Promise<void> {
  socket.pause();
  await endTurn();
  if (!socket.destroyed) socket.resume();
}
