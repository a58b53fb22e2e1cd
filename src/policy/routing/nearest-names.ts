// Names that a caller may have meant, for the message of an unknown model.

const MOST_NAMES = 3;
const LONGEST_COMPARED = 100;

/**
 * The names nearest to `wanted`, best first, at most three, none that is too far off to help.
 * Only names from `known` are ever shown, so that nothing of other tenants leaks.
 */
export function nearestNames(wanted: string, known: Iterable<string>): string[] {
  const lower = wanted.slice(0, LONGEST_COMPARED).toLowerCase();
  const farthest = Math.max(2, Math.floor(lower.length / 2));
  const scored: { name: string; distance: number }[] = [];
  for (const name of known) {
    const candidate = name.toLowerCase();
    const bare = candidate.slice(candidate.indexOf("/") + 1);
    const distance = Math.min(editDistance(lower, candidate), editDistance(lower, bare));
    const contains = lower.length > 2 && candidate.includes(lower);
    if (contains || distance <= farthest) scored.push({ name, distance: contains ? 0 : distance });
  }
  scored.sort((left, right) => left.distance - right.distance || (left.name < right.name ? -1 : 1));
  return scored.slice(0, MOST_NAMES).map(({ name }) => name);
}

function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, position) => position);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + substitution,
        ),
      );
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
