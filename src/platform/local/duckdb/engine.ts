import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import PQueue from 'p-queue';
import type { Json } from '../../../json.ts';
import type { KeySum } from '../../../ports/key-sum.ts';
import type { LedgerStore } from '../../../ports/ledger.ts';
import { inThisScope, isMetered, reportUsage } from '../../../ports/metering.ts';
import type { Parameter } from '../../../ports/parameter.ts';
import type {
  BrokenFile,
  BuildRequest,
  BuildStatus,
  ExplainOptions,
  Explanation,
  QueryEngine,
  QueryOptions,
  QueryResult,
  Rekeyed,
  StoredTable,
  WaitBudget,
} from '../../../ports/query-engine.ts';
import type { Remark } from '../../../ports/remark.ts';
import type { Grant } from '../../../ports/session.ts';
import type { StagedTableSpec, StageResult } from '../../../ports/staging.ts';
import type { TableColumn, TableSet, TableVersion } from '../../../ports/tables.ts';
import { isKeyedColumn } from '../../../privacy/keyed-column.ts';
import type { PseudonymKeys } from '../../../privacy/pseudonym.ts';
import { parseStatement } from '../../../sql/parse.ts';
import { remarksOn } from '../../../sql/remarks.ts';
import { createTable } from './create.ts';
import { damagedTable } from './damaged-table.ts';
import { localEdition } from './edition.ts';
import { cannotOpen } from './errors.ts';
import { explainQuery } from './explain.ts';
import { inspectFile } from './file-sums.ts';
import { sizeOf } from './files.ts';
import { deliveredKeysOf, keySumOf } from './key-sum.ts';
import { opsTables, writeLiteral } from './literal.ts';
import { mergeTable } from './merge.ts';
import { exportQuery, runQuery } from './query.ts';
import { ReadOnlyPool } from './read-only-pool.ts';
import { replaceTable } from './replace.ts';
import { defaultMemoryMegabytes, defaultThreads, openDatabase, type SessionOptions } from './session.ts';
import { COMPACTION_POLICY, type CompactionPolicy, type StagingSession } from './staging-session.ts';
import { filesOf } from './storage.ts';
import { storedAs } from './stored-as.ts';
import { sweepFiles } from './sweep.ts';
import { withColumns } from './with-columns.ts';

export interface LocalEngineOptions {
  /** The lake's folder: an object's key is its path in it. */
  readonly root: string;
  /** What staging, and what each model, may hold in memory before it spills to disk. Default: see `defaultMemoryMegabytes`. */
  readonly memoryMegabytes?: number;
  /** Default: the number of cores, at most 8. */
  readonly threads?: number;
  /** When changes are compacted into a new base. Default: see `COMPACTION_POLICY`. */
  readonly compaction?: CompactionPolicy;
  /** The secret keys of the pseudonyms; asked for when the first pseudonym is made. */
  readonly pseudonymKeys?: () => Promise<PseudonymKeys>;
}

/** Small tables are staged side by side; each statement of a big one takes every core anyway. */
const STAGED_AT_ONCE = 3;
/** They share their memory with what people ask meanwhile. */
const MODELS_AT_ONCE = 2;

export async function openLocalEngine(options: LocalEngineOptions): Promise<LocalEngine> {
  const session: SessionOptions = {
    root: resolve(options.root),
    memoryMegabytes: options.memoryMegabytes ?? defaultMemoryMegabytes(),
    threads: options.threads ?? defaultThreads(),
  };
  return new LocalEngine(session, options);
}

/**
 * The query engine of one machine: DuckDB over immutable Parquet files. There is no database file: a version is
 * its files, so readers never wait, several processes can read at once, and a kill leaves nothing half-made.
 */
export class LocalEngine implements QueryEngine {
  readonly capabilities = {
    background: false,
    get edition() {
      return localEdition();
    },
  };
  readonly #session: SessionOptions;
  readonly #readers: ReadOnlyPool;
  readonly #compaction: CompactionPolicy;
  readonly #pseudonymKeys: (() => Promise<PseudonymKeys>) | undefined;
  readonly #staging = new PQueue({ concurrency: STAGED_AT_ONCE });
  readonly #models = new PQueue({ concurrency: MODELS_AT_ONCE });
  readonly #openOne: () => Promise<DuckDBInstance>;
  #database: Promise<DuckDBInstance> | undefined;

  /** @param openOne opens a database of staging. Default: one of the session */
  constructor(
    session: SessionOptions,
    options: Pick<LocalEngineOptions, 'compaction' | 'pseudonymKeys'> = {},
    openOne: () => Promise<DuckDBInstance> = () => openDatabase(session),
  ) {
    this.#session = session;
    this.#openOne = openOne;
    this.#readers = new ReadOnlyPool(session);
    this.#compaction = options.compaction ?? COMPACTION_POLICY;
    this.#pseudonymKeys = options.pseudonymKeys;
  }

  replace(spec: StagedTableSpec, files: readonly string[], versionId: string): Promise<StageResult> {
    const work = this.#stage((session) => replaceTable(session, spec, files, versionId), needsKey(spec));
    return this.#counted(files, work);
  }

  merge(
    current: TableVersion,
    spec: StagedTableSpec,
    files: readonly string[],
    versionId: string,
  ): Promise<StageResult> {
    const work = this.#stage(
      (session) => mergeTable(session, current, spec, files, versionId),
      needsKey(spec),
    );
    return this.#reading(current, this.#counted(files, work));
  }

  withColumns(
    current: TableVersion,
    columns: readonly TableColumn[],
    versionId: string,
    _budget?: WaitBudget,
    rekeyed?: Rekeyed,
  ): Promise<TableVersion> {
    const needsKey = rekeyed !== undefined;
    return this.#stage((session) => withColumns(session, current, columns, versionId, rekeyed), needsKey);
  }

  keySum(version: TableVersion, key: readonly string[]): Promise<KeySum> {
    return this.#reading(
      version,
      this.#stage((session) => keySumOf(session, version, key)),
    );
  }

  deliveredKeys(
    spec: StagedTableSpec,
    files: readonly string[],
    repeats: boolean,
  ): Promise<KeySum | undefined> {
    return this.#stage((session) => deliveredKeysOf(session, spec, files, repeats), needsKey(spec));
  }

  create(table: string, select: string, reads: TableSet, versionId: string): Promise<TableVersion> {
    return queued(this.#models, () => createTable(this.#readers, table, select, reads, versionId));
  }

  query(select: string, from: Grant, options?: QueryOptions): Promise<QueryResult> {
    return runQuery(this.#readers, select, from, options);
  }

  explain(select: string, { tables, views }: Grant, options?: ExplainOptions): Promise<Explanation> {
    if (views !== undefined) throw new TypeError('a plan tells of rows that its reader may not see');
    return explainQuery(this.#readers, select, tables, options);
  }

  async remarks(select: string, parameters?: readonly Parameter[]): Promise<readonly Remark[]> {
    return remarksOn(await parseStatement(select, parameters));
  }

  exportParquet(
    select: string,
    from: Grant,
    path: string,
    options?: Omit<QueryOptions, 'limit'>,
  ): Promise<number> {
    return exportQuery(this.#readers, select, from, path, options);
  }

  literalTable(
    table: string,
    columns: readonly TableColumn[],
    rows: readonly (readonly Json[])[],
    versionId: string,
  ): Promise<TableVersion> {
    return this.#stage((session) => writeLiteral(session, table, columns, rows, versionId));
  }

  opsTables(ledger: LedgerStore, read: readonly string[]): Promise<TableSet> {
    return this.#stage((session) => opsTables(session, ledger, read, `now-${process.pid}-${randomUUID()}`));
  }

  /** Nothing outlasts this process: the table is made at once, and its ticket is its version. */
  async submit({ table, select, reads, versionId }: BuildRequest): Promise<Json> {
    return (await this.create(table, select, reads, versionId)) as unknown as Json;
  }

  async poll(ticket: Json): Promise<BuildStatus> {
    return { version: ticket as unknown as TableVersion };
  }

  /** Nobody comes in but through `query`. */
  async show(): Promise<void> {}

  async brokenFiles(version: TableVersion, thorough = false): Promise<BrokenFile[]> {
    const broken: BrokenFile[] = [];
    for (const key of filesOf(version)) {
      const found = await inspectFile(this.#session.root, key, thorough);
      if (found) broken.push(found);
    }
    return broken;
  }

  storedAs(version: TableVersion): StoredTable | undefined {
    return storedAs(version, this.#compaction);
  }

  sweep(keep: readonly TableVersion[], olderThan: number, atOnce?: readonly string[]): Promise<number> {
    return sweepFiles(this.#session.root, keep, olderThan, atOnce);
  }

  /** Ends the engine's databases. Queries that still stream keep theirs and are not disturbed. */
  async close(): Promise<void> {
    await this.#staging.onIdle();
    await this.#models.onIdle();
    const database = await this.#database?.catch(() => undefined);
    this.#database = undefined;
    database?.closeSync();
    await this.#readers.close();
  }

  /** The work, and what was read for it: of delivered files, which are read whole. */
  async #counted(files: readonly string[], work: Promise<StageResult>): Promise<StageResult> {
    const result = await work;
    if (isMetered())
      reportUsage({
        rowsIn: result.read,
        filesIn: files.length,
        bytesIn: await sizeOf(files.map((file) => resolve(this.#session.root, file))),
      });
    return result;
  }

  /** The work on a version; where it fails and files of that version are broken, with an error that names them. */
  async #reading<T>(version: TableVersion, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw (await damagedTable(this.#session.root, [version], error)) ?? error;
    }
  }

  /**
   * A connection to the database of staging. An error inside DuckDB closes its database for good: one that was open may
   * have met one since, and another is opened in its place.
   * @throws EngineError where a new one cannot be used either
   */
  async #connect(): Promise<DuckDBConnection> {
    const wasOpen = this.#database !== undefined;
    try {
      return await (wasOpen ? this.#enter().catch(() => this.#enter()) : this.#enter());
    } catch (error) {
      throw cannotOpen(error);
    }
  }

  async #enter(): Promise<DuckDBConnection> {
    this.#database ??= this.#openOne();
    const opened = this.#database;
    try {
      const connection = await (await opened).connect();
      // A database that is closed for good still gives connections.
      await connection.run('SELECT 1').catch((error: unknown) => {
        connection.closeSync();
        throw error;
      });
      return connection;
    } catch (error) {
      if (this.#database === opened) {
        this.#database = undefined;
        // What still reads from it keeps it until its own connection is closed.
        (await opened.catch(() => undefined))?.closeSync();
      }
      throw error;
    }
  }

  /** Gives the work a connection of its own, and the key where pseudonyms are to be made. */
  #stage<T>(work: (session: StagingSession) => Promise<T>, needsKey = false): Promise<T> {
    return queued(this.#staging, async () => {
      const connection = await this.#connect();
      try {
        const pseudonymKeys = needsKey ? await this.#pseudonymKeys?.() : undefined;
        return await work({
          root: this.#session.root,
          connection,
          pseudonymKeys,
          compaction: this.#compaction,
        });
      } finally {
        connection.closeSync();
      }
    });
  }
}

const needsKey = ({ columns }: StagedTableSpec): boolean => columns.some(isKeyedColumn);

/** Does work in its turn, and tells whoever asked for it how long it waited for that. */
function queued<T>(queue: PQueue, work: () => Promise<T>): Promise<T> {
  const asked = performance.now();
  const inTurn = inThisScope(async () => {
    reportUsage({ queuedMs: performance.now() - asked });
    return work();
  });
  return queue.add(inTurn);
}
