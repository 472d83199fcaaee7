// Prints the end of a run: the slowest suites, what did not run, and the counts. Skipped and todo tests, and suites that cannot run, count as failed.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const SLOWEST = 10;
const [folder, failedSteps] = process.argv.slice(2);
const reports = readdirSync(folder).flatMap((name) => readReport(join(folder, name)));

function readReport(path) {
  try {
    return [JSON.parse(readFileSync(path, 'utf8'))];
  } catch (error) {
    console.log(`cannot read jest's report ${path}: ${error.message}`);
    return [];
  }
}

const suites = reports.flatMap(({ testResults }) => testResults);
const sum = (count) => reports.reduce((total, report) => total + report[count], 0);

for (const suite of suites) {
  for (const test of suite.assertionResults) {
    if (test.status !== 'passed' && test.status !== 'failed')
      console.log(`${test.status}, counted as failed: ${test.fullName}`);
  }
}

const timed = suites.map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1_000 }));
const slowest = timed.sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
if (slowest.length > 0) console.log('the slowest suites:');
for (const { name, seconds } of slowest)
  console.log(`${seconds.toFixed(1).padStart(8)} s  ${relative(process.cwd(), name)}`);

const passed = sum('numPassedTests');
const failed = sum('numFailedTests') + sum('numRuntimeErrorTestSuites') + sum('numPendingTests') + sum('numTodoTests');
if (passed === 0) console.log('no test has passed');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 && failedSteps === '0' ? 0 : 1;
