/** Settings of the service that a run of the benchmark may vary: docs/performance.md uses them. */
const PASSED_ON: readonly string[] = ['SLUICE_MAX_BACKLOG_BYTES', 'SLUICE_MAX_IN_FLIGHT_BYTES', 'SLUICE_THREADS'];
const OF_THE_SERVICE = /^(SLUICE_|ELASTICSEARCH_|(MONGODB_URL|HOST|PORT|PUBLIC_URL)$)/i;

/**
 * The environment of a service that the benchmark starts: `env` without the settings of a service, except those that a run may vary, and then `settings`. Otherwise an exported ELASTICSEARCH_URL would
 * receive the rows of the benchmark, and SLUICE_ROLE would change what is measured.
 */
export function serviceEnvironment(
  settings: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => PASSED_ON.includes(name) || !OF_THE_SERVICE.test(name));
  return { ...Object.fromEntries(kept), ...settings };
}
