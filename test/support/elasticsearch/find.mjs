// Jest's configuration imports this file as it is: the register lets it import TypeScript.
import '@swc-node/register/esm-register';

const { elasticsearchDistribution } = await import('./distribution.ts');

/** Where an Elasticsearch can be started from, fetched if need be. Without one: null and a line that says why; with CI=true an error. */
export async function findElasticsearch() {
  try {
    return await elasticsearchDistribution();
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    process.stderr.write(`The tests on Elasticsearch are left out: ${error.message}\n`);
    return null;
  }
}

/** Whether a run with these arguments of Jest has tests of a project: it is selected, or none is. */
export function isSelected(project, args) {
  const selected = valuesOf('--selectProjects', args);
  const isAmong = selected === null || selected.includes(project);
  return isAmong && !valuesOf('--ignoreProjects', args)?.includes(project);
}

/** The values of an option that takes several, written `--option a b` or `--option=a`; null where it is not given. */
function valuesOf(option, args) {
  const values = [];
  let isGiven = false;
  let isOpen = false;
  for (const arg of args) {
    const [name, value] = arg.split('=', 2);
    if (name === option) {
      isGiven = true;
      isOpen = value === undefined;
      if (value !== undefined) values.push(value);
    } else if (arg.startsWith('-')) isOpen = false;
    else if (isOpen) values.push(arg);
  }
  return isGiven ? values : null;
}
