/** The known name that is nearest to a misspelled one, by how many letters to insert, remove or replace; undefined if no name is known. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const byDistance = known.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }));
  return byDistance.sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

/** Levenshtein's distance, a row of the table at a time. */
function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (above[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    above = current;
  }
  return above[to.length] ?? 0;
}
