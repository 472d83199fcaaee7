// Fails if a package in node_modules has a licence that is not known to fit ours (MIT). An exception names the package and the reason.
import { execFileSync } from 'node:child_process';

const FITTING = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
]);

/** Only tools of the development; none of them is in what we ship. */
const EXCEPTIONS = new Map([
  ['argparse', 'Python-2.0, a permissive licence; parses arguments of a test tool'],
  ['caniuse-lite', 'CC-BY-4.0, for data of a build tool, of which nothing is shipped'],
]);

/** Whether an SPDX expression lets us use the package: all licences of an AND, one of an OR. Expressions that mix both are refused, to be read by people. */
function fits(expression) {
  if (typeof expression !== 'string') return false;
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  const [all, any] = [bare.split(' AND '), bare.split(' OR ')];
  return all.length > 1 ? all.every((one) => FITTING.has(one)) : any.some((one) => FITTING.has(one));
}

const options = { encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 };
const packages = JSON.parse(execFileSync('npm', ['query', '*'], options));
const refused = packages.filter(({ name, license }) => !fits(license) && !EXCEPTIONS.has(name));
const unused = [...EXCEPTIONS.keys()].filter((name) => !packages.some((one) => one.name === name));
for (const { name, version, license } of refused) {
  console.error(
    `${name}@${version} has the licence ${JSON.stringify(license)}: replace it, or except it with the reason`,
  );
}
for (const name of unused) console.error(`${name} is excepted, but no package has that name; remove the exception`);
console.log(`${packages.length} packages, ${refused.length} with a licence that does not fit`);
process.exitCode = refused.length + unused.length > 0 ? 1 : 0;
