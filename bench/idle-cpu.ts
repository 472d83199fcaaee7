import { setTimeout } from 'node:timers/promises';
import type { Servers } from './servers.js';

/** What the service and mongod use while nothing happens, in percent of a core. */
export async function idleCpu({ service, mongodb }: Servers, seconds: number): Promise<[number, number]> {
  const before = { service: await service.cpuMs(), mongod: await mongodb.cpuMs() };
  const start = performance.now();
  await setTimeout(seconds * 1_000);
  const after = { service: await service.cpuMs(), mongod: await mongodb.cpuMs() };
  const percent = (ms: number) => (100 * ms) / (performance.now() - start);
  return [percent(after.service - before.service), percent(after.mongod - before.mongod)];
}
