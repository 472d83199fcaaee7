// Fails if a package has a known vulnerability of severity high or critical. Not every registry answers this question; then it says so, and does not fail.
import { spawnSync } from 'node:child_process';

const SEVERE = ['high', 'critical'];

/** Advisories that do not concern us, by the URL of the advisory, with the reason. */
const EXCEPTIONS = new Map([]);

const { stdout } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 });
const report = JSON.parse(stdout || '{}');
if (report.vulnerabilities === undefined) {
  console.log(
    `nothing was audited: the registry does not answer (${report.statusCode ?? report.error?.code ?? 'no status'})`,
  );
} else {
  const advisories = Object.values(report.vulnerabilities).flatMap(({ name, via }) =>
    via.filter((one) => typeof one === 'object' && SEVERE.includes(one.severity)).map((one) => ({ name, ...one })),
  );
  const open = advisories.filter(({ url }) => !EXCEPTIONS.has(url));
  for (const { name, title, url } of open) console.error(`${name}: ${title} (${url})`);
  console.log(`${open.length} severe advisories, ${advisories.length - open.length} excepted`);
  process.exitCode = open.length > 0 ? 1 : 0;
}
