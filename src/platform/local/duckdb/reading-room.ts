import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openDatabase, type SessionOptions } from './session.ts';
import { ident, text } from './sql-text.ts';

/** A place for one statement of a person: a connection, and a catalog in memory that nobody else writes into. */
export interface Desk {
  readonly connection: DuckDBConnection;
  close(): Promise<void>;
}

/**
 * The database in which people's statements run. What they may do is settled once, before the first of them: read
 * files of the lake, change no setting. A statement gets a catalog of its own rather than a database, which would
 * take longer to open than most statements take to run.
 */
export class ReadingRoom {
  readonly #session: SessionOptions;
  #opened: Promise<Open> | undefined;
  #desks = 0;

  constructor(session: SessionOptions) {
    this.#session = session;
  }

  /** The lake's folder. */
  get root(): string {
    return this.#session.root;
  }

  /** A desk with these schemas, empty. To be closed by whoever opened it. */
  async desk(schemas: Iterable<string>): Promise<Desk> {
    this.#opened ??= this.#open();
    const { database, keeper } = await this.#opened;
    const catalog = ident(`desk_${++this.#desks}`);
    const connection = await database.connect();
    const close = async () => {
      connection.closeSync();
      // Once the room is closed, its catalogs go with the last connection.
      if (this.#opened) await keeper.run(`DETACH ${catalog}`);
    };
    try {
      const made = [...schemas].map((schema) => `CREATE SCHEMA IF NOT EXISTS ${ident(schema)};`).join('\n');
      await connection.run(`ATTACH ':memory:' AS ${catalog}; USE ${catalog};\n${made}`);
      return { connection, close };
    } catch (error) {
      connection.closeSync();
      throw error;
    }
  }

  /** Lets nobody new in. A statement that is still being read from keeps its desk. */
  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    if (!opened) return;
    const { database, keeper } = await opened;
    keeper.closeSync();
    database.closeSync();
  }

  async #open(): Promise<Open> {
    const database = await openDatabase(this.#session);
    const keeper = await database.connect();
    // `/` in a macro means what the setting says when its text is parsed, so this stands before any.
    await keeper.run(
      `SET GLOBAL integer_division = true;
       SET GLOBAL preserve_insertion_order = true;
       SET GLOBAL errors_as_json = true;
       SET allowed_directories = [${text(this.#session.root)}];
       SET enable_external_access = false;
       SET lock_configuration = true;`,
    );
    return { database, keeper };
  }
}

interface Open {
  readonly database: DuckDBInstance;
  /** Clears desks away. */
  readonly keeper: DuckDBConnection;
}
