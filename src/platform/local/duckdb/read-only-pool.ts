import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openDatabase, type SessionOptions } from './session.ts';
import { ident, textList } from './sql-text.ts';

/** A session for one statement of a person: a connection with an in-memory catalog of its own. */
export interface PoolSession {
  readonly connection: DuckDBConnection;
  close(): Promise<void>;
}

/** The access that a statement needs. */
export interface PoolSessionOptions {
  readonly schemas: Iterable<string>;
  /**
   * The files that may be read, by their paths: every other file of the machine is closed to the statement. `lake`: all
   * of the lake's folder, for statements in which no person has written a word.
   */
  readonly reads: readonly string[] | 'lake';
  /** The one file that may be written. Default: none */
  readonly writes?: string;
}

/** Databases that nobody uses at the moment and that are kept for the next statement over the same files. */
const KEPT = 3;

/**
 * The databases in which statements of a publication's tables run. What a statement may do is settled before it is seen: read the files
 * of the tables that it names, change no setting, attach and load nothing. DuckDB takes such a list once, before it
 * locks its settings, so there is a database for each list of files; one is kept open for a while, as opening takes
 * longer than most statements. Within it a statement has a catalog of its own.
 */
export class ReadOnlyPool {
  readonly #session: SessionOptions;
  readonly #openOne: () => Promise<DuckDBInstance>;
  /** By the files that it may read, the longest unused first. */
  readonly #databases = new Map<string, Shared>();
  #opened = 0;

  /** @param openOne opens a database. Default: one of the session */
  constructor(session: SessionOptions, openOne: () => Promise<DuckDBInstance> = () => openDatabase(session)) {
    this.#session = session;
    this.#openOne = openOne;
  }

  /** The lake's folder. */
  get root(): string {
    return this.#session.root;
  }

  /** A session with these schemas, empty. The caller closes it. */
  async session(needs: PoolSessionOptions): Promise<PoolSession> {
    const wasOpen = needs.writes === undefined && this.#databases.has(keyOf(needs.reads));
    // An error inside DuckDB closes its database for good: one that was open may have met one since. A new one has not.
    return wasOpen
      ? this.#openSession(needs).catch(() => this.#openSession(needs))
      : this.#openSession(needs);
  }

  async #openSession({ schemas, reads, writes }: PoolSessionOptions): Promise<PoolSession> {
    const shared = this.#enter(reads, writes);
    const catalog = ident(`session_${++this.#opened}`);
    let connection: DuckDBConnection | undefined;
    try {
      const { database, control } = await shared.opened;
      const open = await database.connect();
      connection = open;
      const made = [...schemas].map((schema) => `CREATE SCHEMA IF NOT EXISTS ${ident(schema)};`).join('\n');
      await open.run(`ATTACH ':memory:' AS ${catalog}; USE ${catalog};\n${made}`);
      const close = async () => {
        open.closeSync();
        // It fails in a database that an error has closed, which nobody may enter any more.
        await control.run(`DETACH ${catalog}`).catch(() => this.#forget(shared));
        await this.#leave(shared);
      };
      return { connection: open, close };
    } catch (error) {
      connection?.closeSync();
      this.#forget(shared);
      await this.#leave(shared);
      throw error;
    }
  }

  /** Ends what nobody uses. A statement that is still being read from keeps its database until it is closed. */
  async close(): Promise<void> {
    const all = [...this.#databases.values()];
    this.#databases.clear();
    for (const shared of all) {
      shared.isKept = false;
      if (shared.sessions === 0) await end(shared);
    }
  }

  #enter(reads: PoolSessionOptions['reads'], writes: string | undefined): Shared {
    const key = keyOf(reads);
    // What may write is for one statement alone.
    const found = writes === undefined ? this.#databases.get(key) : undefined;
    const shared = found ?? {
      opened: this.#open(this.#openTo(reads, writes)),
      sessions: 0,
      isKept: writes === undefined,
    };
    shared.sessions += 1;
    if (shared.isKept) {
      // The longest unused stands first.
      this.#databases.delete(key);
      this.#databases.set(key, shared);
    }
    return shared;
  }

  #forget(shared: Shared): void {
    for (const [key, known] of this.#databases) if (known === shared) this.#databases.delete(key);
    shared.isKept = false;
  }

  async #leave(shared: Shared): Promise<void> {
    shared.sessions -= 1;
    if (shared.sessions === 0 && !shared.isKept) await end(shared);
    const unused = [...this.#databases].filter(([, { sessions }]) => sessions === 0);
    for (const [, old] of unused.slice(0, Math.max(0, unused.length - KEPT))) {
      this.#forget(old);
      await end(old);
    }
  }

  /** The setting that says what can be opened. */
  #openTo(reads: PoolSessionOptions['reads'], writes: string | undefined): string {
    if (reads === 'lake') return `allowed_directories = ${textList([this.root])}`;
    return `allowed_paths = ${textList(writes === undefined ? reads : [...reads, writes])}`;
  }

  async #open(openTo: string): Promise<Open> {
    const database = await this.#openOne();
    try {
      const control = await database.connect();
      // `/` in a macro means what the setting says when its text is parsed, so this stands before any.
      await control.run(
        `SET GLOBAL integer_division = true;
         SET GLOBAL preserve_insertion_order = true;
         SET GLOBAL errors_as_json = true;
         SET ${openTo};
         SET enable_external_access = false;
         SET lock_configuration = true;`,
      );
      return { database, control };
    } catch (error) {
      database.closeSync();
      throw error;
    }
  }
}

const keyOf = (reads: PoolSessionOptions['reads']): string =>
  reads === 'lake' ? reads : JSON.stringify([...reads].sort());

/** A database and those who use it. */
interface Shared {
  readonly opened: Promise<Open>;
  sessions: number;
  isKept: boolean;
}

interface Open {
  readonly database: DuckDBInstance;
  /** Clears sessions away. */
  readonly control: DuckDBConnection;
}

async function end({ opened }: Shared): Promise<void> {
  const open = await opened.catch(() => undefined);
  open?.control.closeSync();
  open?.database.closeSync();
}
