/** A name that differs more is another word. */
const MOST_EDITS = 3;

/** The name that a typo most likely means: the fewest edits, and fewer than half of its letters. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const found = names.map((name) => ({ name, edits: editsBetween(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.min(MOST_EDITS, Math.floor(name.length / 2)) || isStart(typed, name))
    .sort((one, other) => one.edits - other.edits);
  return found[0]?.name;
}

function isStart(typed: string, name: string): boolean {
  return typed.length >= 3 && name.startsWith(typed);
}

/** Letters to insert, remove or replace, and neighbors to swap. */
function editsBetween(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      rows[row].push(Math.min(
        rows[row - 1][column] + 1,
        rows[row][column - 1] + 1,
        rows[row - 1][column - 1] + (same ? 0 : 1),
        swapped ? rows[row - 2][column - 2] + 1 : Number.POSITIVE_INFINITY,
      ));
    }
  }
  return rows[one.length][other.length];
}
