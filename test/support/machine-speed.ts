import { cpuMs } from './cpu-ms.js';

/** CPU time of {@link work} on the machine on which bounds in milliseconds were set. */
const REFERENCE_MS = 6;
const TIMES = 7;

const TEXT = JSON.stringify(Array.from({ length: 2_000 }, (_, n) => ({ n, name: `name ${n}`, tags: ['a', `b${n}`] })));

/** Of the kinds that services do: parsing, and looking at characters. */
function work(): number {
  let sum = 0;
  for (let time = 0; time < 4; time += 1) {
    sum += JSON.stringify(JSON.parse(TEXT)).length;
    for (let index = 0; index < TEXT.length; index += 1) sum = (31 * sum + TEXT.charCodeAt(index)) | 0;
  }
  return sum;
}

/** How many times as long as on that machine work takes here and now, in CPU time; at least 1. A virtual machine counts time in which its host did something else, and one with busy neighbours is slower for minutes. */
export function slowness(): number {
  const taken: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const before = cpuMs();
    work();
    taken.push(cpuMs() - before);
  }
  const median = taken.sort((a, b) => a - b)[Math.floor(TIMES / 2)] ?? REFERENCE_MS;
  return Math.max(1, median / REFERENCE_MS);
}
