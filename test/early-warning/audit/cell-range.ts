/** A hidden cell of a two-way table, and its true count. */
export interface CountedCell {
  readonly row: string;
  readonly column: string;
  readonly count: number;
}

/**
 * Between how many and how many a hidden count may be, as far as a reader can tell who knows what the hidden cells of each
 * row and of each column sum up to, and that counts are not negative: greatest less least. Exact: how far the cell can
 * rise (and fall) is how much can be shifted around it among the other hidden cells, a maximal flow from its row to its
 * column.
 */
export function rangeOf(cells: readonly CountedCell[], cell: CountedCell): number {
  const others = cells.filter((one) => one !== cell);
  const flow = (forward: (one: CountedCell) => number, back: (one: CountedCell) => number): number =>
    maximalFlow(
      others.flatMap((one) => [
        { from: `r${one.row}`, to: `c${one.column}`, capacity: forward(one) },
        { from: `c${one.column}`, to: `r${one.row}`, capacity: back(one) },
      ]),
      `r${cell.row}`,
      `c${cell.column}`,
    );
  const rise = flow(
    ({ count }) => count,
    () => Number.POSITIVE_INFINITY,
  );
  const fall = flow(
    () => Number.POSITIVE_INFINITY,
    ({ count }) => count,
  );
  return rise + Math.min(cell.count, fall);
}

interface Arc {
  readonly from: string;
  readonly to: string;
  readonly capacity: number;
}

/** By shortest augmenting paths (Edmonds and Karp, J. ACM 19(2), 1972). Every path has an arc of finite capacity. */
function maximalFlow(arcs: readonly Arc[], source: string, sink: string): number {
  const free = new Map<string, Map<string, number>>();
  const add = (from: string, to: string, by: number) => {
    const own = free.get(from) ?? new Map<string, number>();
    free.set(from, own.set(to, (own.get(to) ?? 0) + by));
  };
  for (const { from, to, capacity } of arcs) add(from, to, capacity);
  for (let flow = 0; ; ) {
    const before = new Map<string, string>([[source, source]]);
    const queue = [source];
    for (let next = queue.shift(); next !== undefined && !before.has(sink); next = queue.shift()) {
      for (const [to, capacity] of free.get(next) ?? []) {
        if (capacity <= 0 || before.has(to)) continue;
        before.set(to, next);
        queue.push(to);
      }
    }
    if (!before.has(sink)) return flow;
    const path: (readonly [string, string])[] = [];
    for (let at = sink; at !== source; at = before.get(at)!) path.push([before.get(at)!, at]);
    const by = Math.min(...path.map(([from, to]) => free.get(from)!.get(to)!));
    for (const [from, to] of path) {
      add(from, to, -by);
      add(to, from, by);
    }
    flow += by;
  }
}
