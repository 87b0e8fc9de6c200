import { randomUUID } from 'node:crypto';
import { appendFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { makeFolder, syncPath } from '../../files/durable.ts';
import { pathOf } from '../../object-keys.ts';
import { parquetStatement } from '../statements.ts';
import { sealed } from '../table-copy.ts';
import type { ChangeFile } from './capture-record.ts';
import { type Change, changeLines, MANNER, withChangeColumns } from './change-lines.ts';
import { CommitCounter } from './commit-counter.ts';
import type { Followed } from './followable.ts';

/** Changes that are turned into lines by one statement, and the bytes after which fewer are. */
const ROWS_AT_ONCE = 2_000;
const BYTES_AT_ONCE = 8 << 20;
/** The longest line that the usual reading takes (`statements.ts`). */
const LONG_LINE = 1 << 20;

export interface SpoolOptions {
  readonly root: string;
  /** A session that makes the lines. */
  readonly client: pg.Client;
  /** What DuckDB may hold in memory. */
  readonly memoryLimit: string;
  draft(): Promise<string>;
}

interface Open {
  readonly followed: Followed;
  received: readonly string[];
  waiting: Change[];
  bytes: number;
  readonly draft: string;
  rows: number;
  long: boolean;
  readonly setAside: Record<string, number>;
  readonly commits: CommitCounter;
}

/** Gathers the changes of tables on the disk, until they are sealed as one Parquet file for each. */
export class ChangeSpool {
  readonly #options: SpoolOptions;
  readonly #open = new Map<string, Open>();
  /** Tables of which the changes do not say what is in them now: emptied, or of other columns than are known. */
  readonly astray = new Set<string>();
  /** Whether values were read from tables as they are now, rather than from the log. */
  lookedUp = false;

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  async add(followed: Followed, received: readonly string[], change: Change): Promise<void> {
    if (this.astray.has(followed.name)) return;
    const open = await this.#of(followed, received);
    open.waiting.push(change);
    open.commits.add(change.committedAtMs);
    open.bytes += change.values.reduce<number>(
      (sum, value) => sum + (typeof value === 'string' ? value.length : 0),
      0,
    );
    if (open.waiting.length >= ROWS_AT_ONCE || open.bytes >= BYTES_AT_ONCE) await this.#write(open);
  }

  /** Forgets what there is of a table that has to be copied again. */
  async lose(name: string): Promise<void> {
    this.astray.add(name);
    const open = this.#open.get(name);
    this.#open.delete(name);
    if (open) await rm(open.draft, { force: true });
  }

  /**
   * Makes one file of each table's changes.
   * @param keyOf where the file of a table shall lie
   * @returns by table
   */
  async seal(
    keyOf: (followed: Followed) => { readonly name: string; readonly key: string },
  ): Promise<Map<string, ChangeFile>> {
    const files = new Map<string, ChangeFile>();
    for (const open of this.#open.values()) await this.#write(open);
    const filled = [...this.#open.values()].filter(({ rows }) => rows > 0);
    if (filled.length > 0) {
      const duckdb = await DuckDBInstance.create(':memory:', {
        threads: '1',
        memory_limit: this.#options.memoryLimit,
        preserve_insertion_order: 'false',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      });
      try {
        const connection = await duckdb.connect();
        for (const open of filled) {
          const { name, key } = keyOf(open.followed);
          const draft = `${open.draft}.parquet`;
          const reading = { manner: MANNER, lines: open.long ? 'long' : 'usual' } as const;
          const table = withChangeColumns(open.followed.table);
          await connection.run(parquetStatement(table, reading, open.draft, draft));
          const target = pathOf(this.#options.root, key);
          await makeFolder(path.dirname(target));
          const { bytes, sha256 } = await sealed(draft);
          await rename(draft, target);
          await syncPath(path.dirname(target));
          await rm(open.draft, { force: true });
          const setAside = Object.keys(open.setAside).length > 0 ? { setAside: open.setAside } : {};
          const commits = open.commits.times;
          files.set(open.followed.name, { name, key, bytes, sha256, rows: open.rows, ...setAside, commits });
        }
        connection.closeSync();
      } finally {
        duckdb.closeSync();
      }
    }
    this.#open.clear();
    return files;
  }

  async #of(followed: Followed, received: readonly string[]): Promise<Open> {
    const known = this.#open.get(followed.name);
    if (known) {
      if (known.received === received) return known;
      await this.#write(known);
      known.received = received;
      return known;
    }
    const open: Open = {
      followed,
      received,
      waiting: [],
      bytes: 0,
      draft: `${await this.#options.draft()}-${randomUUID()}`,
      rows: 0,
      long: false,
      setAside: {},
      commits: new CommitCounter(),
    };
    this.#open.set(followed.name, open);
    return open;
  }

  async #write(open: Open): Promise<void> {
    const changes = open.waiting;
    if (changes.length === 0) return;
    open.long ||= open.bytes > LONG_LINE;
    open.waiting = [];
    open.bytes = 0;
    const made = await changeLines(this.#options.client, open.followed, open.received, changes).catch(
      (error: unknown) => {
        // A column has another type by now, or is gone: these values are not of it.
        if (error instanceof pg.DatabaseError && /^(22|42)/.test(error.code ?? '')) return undefined;
        throw error;
      },
    );
    if (!made) return this.lose(open.followed.name);
    const { text, setAside, lookedUp } = made;
    await appendFile(open.draft, text);
    open.rows += changes.length;
    this.lookedUp ||= lookedUp;
    for (const [column, count] of Object.entries(setAside))
      open.setAside[column] = (open.setAside[column] ?? 0) + count;
  }
}
