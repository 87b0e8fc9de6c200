import type { LedgerStore, OpsRow } from '../../ports/ledger.ts';
import type { CommitTimes } from '../../ports/replication.ts';

/** How long changes took from their commit at the source until readers saw them, in seconds. */
export interface Delay {
  readonly changes: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** A row of `ops.visibility` tells of so long a time at most. */
const WINDOW_MS = 5 * 60_000;

type Counted = [delayMs: number, changes: number];

interface Open {
  readonly delays: Counted[];
  publications: number;
  publishedAt: string;
  asOf: string;
}

/** Gathers, for each table, how late its changes were seen, and writes a row of it every five minutes. */
export class Visibility {
  readonly #ledger: LedgerStore;
  #load = '';
  #since = 0;
  #open = new Map<string, Open>();

  constructor(ledger: LedgerStore) {
    this.#ledger = ledger;
  }

  /**
   * @param load names the rows, by the first publication in them
   * @param publishedAt when readers saw these changes, ISO 8601 UTC
   */
  async saw(
    {
      load,
      publishedAt,
      asOf,
    }: { readonly load: string; readonly publishedAt: string; readonly asOf: string },
    tables: readonly { readonly dataset: string; readonly commits: CommitTimes }[],
  ): Promise<void> {
    const at = Date.parse(publishedAt);
    if (this.#open.size > 0 && Math.abs(at - this.#since) >= WINDOW_MS) await this.flush();
    if (this.#open.size === 0) {
      this.#load = load;
      this.#since = at;
    }
    for (const { dataset, commits } of tables) {
      const open = this.#open.get(dataset) ?? { delays: [], publications: 0, publishedAt, asOf };
      open.delays.push(...delaysOf(commits, at));
      Object.assign(open, { publications: open.publications + 1, publishedAt, asOf });
      this.#open.set(dataset, open);
    }
  }

  /** Writes down what was gathered. A kill before it costs these measurements. */
  async flush(): Promise<void> {
    const rows = [...this.#open].map(([table, open]): OpsRow => {
      const delay = delayOf(open.delays);
      return {
        id: `${this.#load}/${table}`,
        run: this.#load,
        table_name: table,
        publications: open.publications,
        changes: delay?.changes ?? 0,
        p50_seconds: delay?.p50 ?? null,
        p95_seconds: delay?.p95 ?? null,
        max_seconds: delay?.max ?? null,
        published_at: open.publishedAt,
        data_as_of: open.asOf,
      };
    });
    this.#open = new Map();
    if (rows.length > 0) await this.#ledger.append('visibility', rows);
  }
}

/** How late changes were, of which is known when they were committed; clocks that differ make none seen before its time. */
export const delaysOf = (commits: CommitTimes, seenAtMs: number): Counted[] =>
  commits.map(([committedAt, changes]) => [Math.max(0, seenAtMs - committedAt), changes]);

/** Undefined of no changes. */
export function delayOf(delays: readonly Counted[]): Delay | undefined {
  const rising = delays.toSorted(([a], [b]) => a - b);
  const changes = rising.reduce((sum, [, count]) => sum + count, 0);
  if (changes === 0) return undefined;
  const quantile = (share: number) => {
    let seen = 0;
    for (const [delay, count] of rising) {
      seen += count;
      if (seen >= share * changes) return delay / 1000;
    }
    return rising.at(-1)![0] / 1000;
  };
  return { changes, p50: quantile(0.5), p95: quantile(0.95), max: rising.at(-1)![0] / 1000 };
}
