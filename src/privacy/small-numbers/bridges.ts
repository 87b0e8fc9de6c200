/** A cell of a two-way table by the numbers of its row and its column. */
export type CellPlace = readonly [row: number, column: number];

/**
 * The hidden cells of a two-way table of which an attacker with all totals learns the exact value: those whose edge is
 * a bridge in the graph that joins the row and the column of each hidden cell. Two hidden cells in each line do not
 * prevent that.
 * @returns their places in `hidden`
 */
export function solvableCells(hidden: readonly CellPlace[]): number[] {
  const edges = new Map<string, { to: string; edge: number }[]>();
  const join = (from: string, to: string, edge: number) =>
    void edges.set(from, [...(edges.get(from) ?? []), { to, edge }]);
  hidden.forEach(([row, column], edge) => {
    join(`r${row}`, `c${column}`, edge);
    join(`c${column}`, `r${row}`, edge);
  });
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const bridges: number[] = [];
  for (const start of edges.keys()) {
    if (order.has(start)) continue;
    // Depth first without recursion: a table can have many rows.
    const path: { node: string; by: number; next: number }[] = [{ node: start, by: -1, next: 0 }];
    order.set(start, order.size);
    low.set(start, order.get(start)!);
    while (path.length > 0) {
      const here = path.at(-1)!;
      const step = edges.get(here.node)![here.next++];
      if (step === undefined) {
        path.pop();
        const above = path.at(-1);
        if (!above) continue;
        low.set(above.node, Math.min(low.get(above.node)!, low.get(here.node)!));
        if (low.get(here.node)! > order.get(above.node)!) bridges.push(here.by);
      } else if (step.edge !== here.by) {
        const seen = order.get(step.to);
        if (seen === undefined) {
          order.set(step.to, order.size);
          low.set(step.to, order.get(step.to)!);
          path.push({ node: step.to, by: step.edge, next: 0 });
        } else low.set(here.node, Math.min(low.get(here.node)!, seen));
      }
    }
  }
  return bridges.sort((a, b) => a - b);
}
