import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type pg from 'pg';
import type { SisSourceConfig } from '../../../../../src/campus/campus-schema.ts';
import { text } from '../../../../../src/platform/local/duckdb/sql-text.ts';
import { keepByteOrderMarks } from '../../../../../src/platform/local/duckdb/whole-texts.ts';
import type {
  ChangeFeed,
  ReplicatedTable,
  ReplicationRequest,
  ReplicationStatus,
} from '../../../../../src/ports/replication.ts';
import { allOf, openReplication, waitFor } from '../sis-fixture.ts';

type Done = Extract<ReplicationStatus, { done: true }>;

/** A lake that follows a schema of a SIS, as far as the replicator knows one: what it has taken of each table. */
export class Follower {
  readonly root: string;
  readonly #source: SisSourceConfig;
  readonly #schema: string;
  readonly #feeds: Record<string, ChangeFeed> = {};
  /** The files of each table since its last whole copy. */
  readonly files = new Map<string, string[]>();
  #loads = 0;

  constructor(root: string, source: SisSourceConfig, schema: string) {
    this.root = root;
    this.#source = source;
    this.#schema = schema;
  }

  /** The request of the next load; the same until the load is taken. */
  get request(): ReplicationRequest {
    const load = `load${this.#loads + 1}`;
    const mappings = allOf(this.#schema);
    return {
      source: 'sis',
      load,
      prefix: `raw/sis/${load}`,
      changes: { mappings, prefix: 'raw/sis-changes', feeds: structuredClone(this.#feeds) },
    };
  }

  /** Loads once, and commits it. */
  async load(): Promise<Done & { byName: Record<string, ReplicatedTable> }> {
    const done = await this.fetch();
    this.commit(done);
    return { ...done, byName: Object.fromEntries(done.tables.map((table) => [table.table, table])) };
  }

  /** Loads once. What nobody commits is delivered again with the next load. */
  async fetch(): Promise<Done> {
    const replication = openReplication(this.root, this.#source);
    try {
      const { task } = await replication.start(this.request);
      return await waitFor(replication, task);
    } finally {
      await replication.close();
    }
  }

  commit({ tables }: Done): void {
    this.#loads += 1;
    for (const { schema, table, files, feed, increment, error } of tables) {
      if (error !== undefined) continue;
      const name = `${schema}.${table}`;
      const keys = files!.map(({ key }) => key);
      this.files.set(table, increment ? [...(this.files.get(table) ?? []), ...keys] : keys);
      if (feed) this.#feeds[name] = feed;
      else delete this.#feeds[name];
    }
  }

  /** The next load has another name: the lake gave this one up. */
  skip(): void {
    this.#loads += 1;
  }

  /** The rows of a table as its files give them: the newest change of each key, unless it is a removal. */
  async rows(table: string, key: string): Promise<Record<string, unknown>[]> {
    const files = this.files.get(table) ?? [];
    if (files.length === 0) return [];
    keepByteOrderMarks();
    const duckdb = await DuckDBInstance.create(':memory:');
    const connection = await duckdb.connect();
    try {
      const list = files.map((file) => text(path.join(this.root, file))).join(', ');
      const all = `read_parquet([${list}], union_by_name = true)`;
      const columns = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${all}`);
      const followed = columns.getRowObjectsJson().some((column) => column.column_name === 'Op');
      const reader = await connection.runAndReadAll(
        followed
          ? `SELECT * EXCLUDE ("Op", dms_commit_time, dms_change_seq) FROM (
               SELECT * FROM ${all} QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY coalesce(dms_change_seq, '') DESC) = 1)
             WHERE "Op" IS DISTINCT FROM 'D' ORDER BY ${key}`
          : `SELECT * FROM ${all} ORDER BY ${key}`,
      );
      return reader.getRowObjectsJson();
    } finally {
      connection.closeSync();
      duckdb.closeSync();
    }
  }
}

/** The rows of a table at the source, in the form of `Follower.rows` for integers and texts. */
export async function rowsAtSource(
  client: pg.Client,
  table: string,
  key: string,
): Promise<Record<string, unknown>[]> {
  const { rows } = await client.query(`SELECT * FROM ${table} ORDER BY ${key}`);
  return rows;
}
