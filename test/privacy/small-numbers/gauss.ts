import { type Cell, totalsOf } from '../../../src/privacy/small-numbers/margins.ts';

/**
 * The hidden cells whose value follows from the totals by elimination over the rational numbers: an attacker who shares
 * no code with what protects the table, but for which totals there are.
 */
export function determinedByGauss(cells: readonly Cell[], hidden: ReadonlySet<number>): number[] {
  const unknown = [...hidden].filter((i) => cells[i]!.count > 0).sort((a, b) => a - b);
  const rows = totalsOf(cells).map((line) => unknown.map((i): number => (line.includes(i) ? 1 : 0)));
  let rank = 0;
  const pivots: number[] = [];
  for (let column = 0; column < unknown.length && rank < rows.length; column++) {
    const pivot = rows.findIndex((row, i) => i >= rank && Math.abs(row[column]!) > 1e-9);
    if (pivot < 0) continue;
    [rows[rank], rows[pivot]] = [rows[pivot]!, rows[rank]!];
    const by = rows[rank]![column]!;
    rows[rank] = rows[rank]!.map((value) => value / by);
    for (let i = 0; i < rows.length; i++) {
      const factor = rows[i]![column]!;
      if (i !== rank && factor !== 0)
        rows[i] = rows[i]!.map((value, at) => value - factor * rows[rank]![at]!);
    }
    pivots.push(column);
    rank++;
  }
  return pivots.flatMap((column, row) =>
    rows[row]!.every((value, at) => at === column || Math.abs(value) < 1e-9) ? [unknown[column]!] : [],
  );
}
