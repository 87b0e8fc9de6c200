import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll } from 'vitest';
import type { Cell, QueryEngine } from '../../src/ports/query-engine.ts';
import type { TableSet, TableVersion } from '../../src/ports/tables.ts';
import { granted } from '../granted.ts';
import { type RawRecord, specOf, toJsonLines } from '../platform/local/duckdb/lake-folder.ts';

export interface QueryEngineHome {
  readonly engine: QueryEngine;
  /** Puts a raw file where the engine reads it. @returns its name for the engine, as `ObjectStore.uri` gives it */
  putRaw(key: string, bytes: Buffer): Promise<string>;
  close(): Promise<void>;
}

/** The key of the pseudonyms that every target of the contract is opened with. */
/** Of a campus that has rotated its key once. */
export const PSEUDONYM_KEYS = [Buffer.from('correct horse battery staple'), Buffer.from('the key after it')];

export const TABLE = 'canvas.things';
export const THINGS = specOf(TABLE, [
  { name: 'id', type: 'bigint' },
  { name: 'text', type: 'varchar' },
]);
export const at = (day: number) => `2026-01-0${day}T00:00:00Z`;

/** A home that is open while tests run, and what they do with it again and again. */
export interface OpenHome extends Omit<QueryEngineHome, 'close'> {
  /** Puts records as a raw file. @returns its name for the engine */
  raw(records: readonly RawRecord[]): Promise<string>;
  /** The id of a version that there is not yet. */
  fresh(): string;
  rows(select: string, tables: TableSet): Promise<Cell[][]>;
  /** The rows of a version of `THINGS`. */
  things(version: TableVersion): Promise<Cell[][]>;
}

/** Opens a home before the tests of the `describe` that asks for it, and closes it after them. */
export function homeOf(open: () => Promise<QueryEngineHome>): OpenHome {
  let home: QueryEngineHome;
  let files = 0;
  let versions = 0;
  beforeAll(async () => {
    home = await open();
  });
  afterAll(() => home?.close());

  async function rows(select: string, tables: TableSet): Promise<Cell[][]> {
    const found: Cell[][] = [];
    for await (const batch of (await home.engine.query(select, granted(tables))).batches())
      found.push(...batch);
    return found;
  }
  return {
    get engine() {
      return home.engine;
    },
    putRaw: (key, bytes) => home.putRaw(key, bytes),
    raw(records) {
      files += 1;
      return home.putRaw(`raw/canvas/file-${files}.jsonl.gz`, gzipSync(toJsonLines(records)));
    },
    fresh() {
      versions += 1;
      return `load:${versions}`;
    },
    rows,
    things: (version) => rows(`SELECT id, text FROM ${TABLE} ORDER BY id`, { [TABLE]: version }),
  };
}
