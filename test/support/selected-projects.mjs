/**
 * Which of these projects a run with these arguments of Jest has: those selected, or all. Throws when something else is among the names: Jest takes every word
 * that follows the option for one, so a path there would select nothing, and the run would be of everything.
 */
export function selectedProjects(projects, args) {
  const selected = valuesOf('--selectProjects', args);
  const ignored = valuesOf('--ignoreProjects', args);
  for (const name of [...(selected ?? []), ...(ignored ?? [])]) {
    if (projects.includes(name)) continue;
    throw new Error(`"${name}" is not a project (${projects.join(', ')}); write paths before --selectProjects`);
  }
  return projects.filter((name) => (selected?.includes(name) ?? true) && !ignored?.includes(name));
}

/** The values of an option that takes several, written `--option a b` or `--option=a b`; null when it is not given. */
function valuesOf(option, args) {
  const values = [];
  let isGiven = false;
  let isOpen = false;
  for (const arg of args) {
    const [name, value] = arg.split('=', 2);
    if (name === option) {
      isGiven = true;
      isOpen = true;
      if (value !== undefined) values.push(value);
    } else if (arg.startsWith('-')) isOpen = false;
    else if (isOpen) values.push(arg);
  }
  return isGiven ? values : null;
}
