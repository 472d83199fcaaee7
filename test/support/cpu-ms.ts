/** The milliseconds of CPU time that this process has used. What other programs use does not count, so that a busy machine fails no test. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
