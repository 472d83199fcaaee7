import { type StatsFs, statfsSync } from 'node:fs';
import { StartupError } from '../../ports/startup-error.js';

const MB = 1024 * 1024;
/** How much mongod may write in one go from memory, plus its next journal file. On a small disk the reserve is a twentieth of it. */
const RESERVE_BYTES = 128 * MB;
const RESERVE_PART = 1 / 20;
/** With less free space, mongod ends while it starts. */
const START_BYTES = 16 * MB;

type DiskNumbers = Pick<StatsFs, 'bsize' | 'blocks' | 'bavail' | 'files' | 'ffree'>;

/**
 * Returns a message for people if the disk of a folder is full; null if it has room. It takes some microseconds, so every push calls it. Never throws: for a missing
 * folder it returns null.
 */
export function diskShortage(folder: string): string | null {
  try {
    return shortageOf(folder, statfsSync(folder));
  } catch {
    return null;
  }
}

/** Throws StartupError if the disk of a folder has too little room for mongod to start. */
export function refuseFullDisk(folder: string): void {
  const { bsize, bavail } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= START_BYTES) return;
  throw new StartupError(
    `the disk of ${folder} is full: ${inMb(free)} MB are free, and ${inMb(START_BYTES)} MB are needed to start; free some space on it, or set SLUICE_DATA_DIR to another disk`,
  );
}

/** The message for a disk with these numbers; null if it has room. */
export function shortageOf(folder: string, { bsize, blocks, bavail, files, ffree }: DiskNumbers): string | null {
  const total = blocks * bsize;
  const free = bavail * bsize;
  const reserve = Math.min(RESERVE_BYTES, total * RESERVE_PART);
  // A file system that does not count files reports 0 of 0.
  if (files > 0 && ffree === 0) return `the disk of ${folder} is full: it can hold no more files; remove some of them`;
  if (free >= reserve) return null;
  return `the disk of ${folder} is full: ${inMb(free)} of ${inMb(total)} MB are free, and ${inMb(reserve)} MB are kept in reserve; free some space on it; the service then continues by itself`;
}

function inMb(bytes: number): number {
  return Math.round(bytes / MB);
}
