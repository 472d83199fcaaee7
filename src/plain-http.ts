import type { Config } from './config.js';

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1|\[::1\])$/i;

/** A notice for the operator if clients beyond this machine reach the service without encryption; empty otherwise. */
export function plainHttpNotices({ host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>): string[] {
  if (publicUrl?.startsWith('https://') || LOOPBACK.test(host)) return [];
  return [
    `the service listens on ${host} and speaks plain HTTP: keys and data cross the network in clear; put a proxy with TLS in front of it, and set PUBLIC_URL to its https:// URL`,
  ];
}
