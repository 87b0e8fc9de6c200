import { codedShare } from './code-share.ts';
import { suppress } from './suppress.ts';

/** A value of a row of a table of counts. */
export type ReleasedValue = null | boolean | number | string;

/** Which column is what; by their places. */
export interface CountedColumns {
  readonly dimensions: readonly number[];
  readonly counts: readonly number[];
  readonly shares: readonly { readonly at: number; readonly of: number }[];
}

/** What was done to a table. */
export interface ProtectedRows {
  readonly rows: ReleasedValue[][];
  /** Rows without their counts. */
  readonly hidden: number;
  /** Rows of which the totals give a small count away: whoever publishes totals has to know. */
  readonly exposed: number;
}

/**
 * The rows of a table of counts as they may be shown: a row of which a count is small, or would give another away, has
 * neither counts nor shares. One decision is made for all counts of a row, since one is often the sum of others.
 * @throws Error where two rows have the same dimensions: nobody could tell what adds up to what
 */
export async function protectRows(
  rows: readonly (readonly ReleasedValue[])[],
  { dimensions, counts, shares }: CountedColumns,
  min: number,
): Promise<ProtectedRows> {
  const keys = rows.map((row) => dimensions.map((at) => JSON.stringify(row[at])));
  if (new Set(keys.map((key) => key.join())).size < keys.length)
    throw new Error('two rows of a table of counts have the same dimensions');
  const hidden = new Set<number>();
  const exposed = new Set<number>();
  // What is hidden for one count is hidden for all, which may be too little for another: until nothing changes.
  for (let before = -1; hidden.size !== before; ) {
    before = hidden.size;
    for (const at of counts) {
      const cells = keys.map((key, i) => ({ key, count: Number(rows[i]![at] ?? 0) }));
      const found = await suppress(cells, min, hidden);
      for (const i of found.hidden) hidden.add(i);
      for (const i of found.exposed) exposed.add(i);
    }
  }
  const shown = rows.map((row, i) =>
    row.map((value, at) => {
      const share = shares.find((one) => one.at === at);
      if (share && typeof value === 'number' && !hidden.has(i))
        return codedShare(value, Number(row[share.of] ?? 0), min);
      return hidden.has(i) && (share || counts.includes(at)) ? null : value;
    }),
  );
  return { rows: shown, hidden: hidden.size, exposed: exposed.size };
}
