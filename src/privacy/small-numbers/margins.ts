/**
 * A count of people by some dimensions: `key` has a value for each, the same number for every cell. Combinations that
 * are not there are 0, and everybody knows it.
 */
export interface Cell {
  readonly key: readonly string[];
  readonly count: number;
}

/**
 * The totals that an attacker knows at most: of every combination of all dimensions but one, summed over that one. All
 * other totals are sums of these. In a table of one dimension that is the grand total.
 * @returns for each total, the numbers of its cells
 */
export function totalsOf(cells: readonly Pick<Cell, 'key'>[]): number[][] {
  const lines = new Map<string, number[]>();
  cells.forEach(({ key }, i) => {
    key.forEach((_, dimension) => {
      const line = JSON.stringify([dimension, key.toSpliced(dimension, 1)]);
      lines.set(line, [...(lines.get(line) ?? []), i]);
    });
  });
  return [...lines.values()];
}
