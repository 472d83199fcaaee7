/** The last month in which a release line of Node.js gets fixes, from its release schedule. */
const SUPPORTED_THROUGH: Readonly<Record<number, string>> = {
  20: '2026-04',
  21: '2024-06',
  22: '2027-04',
  23: '2025-06',
  24: '2028-04',
  25: '2026-06',
  26: '2029-04',
};

/** One line for the operator if a Node.js is out of support; null if it is supported, or newer than this list. */
export function outOfSupport(version: string, now: Date): string | null {
  const major = Number.parseInt(version, 10);
  const through = SUPPORTED_THROUGH[major];
  if (through === undefined || now.toISOString().slice(0, 7) <= through) return null;
  return `Node.js ${version} has had no security fixes since the end of ${through}; run Sluice on Node.js 24`;
}
