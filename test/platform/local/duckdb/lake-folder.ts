import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  type LocalEngine,
  type LocalEngineOptions,
  openLocalEngine,
} from '../../../../src/platform/local/duckdb/engine.ts';
import type { Cell } from '../../../../src/ports/query-engine.ts';
import type { StagedTableSpec } from '../../../../src/ports/staging.ts';
import type { TableSet } from '../../../../src/ports/tables.ts';
import { granted } from '../../../granted.ts';

/** A record as DAP delivers it. Texts of digits in `exact` columns are written as bare numbers. */
export interface RawRecord {
  readonly ts: string;
  readonly action?: 'U' | 'D';
  readonly key: { readonly [column: string]: unknown };
  readonly value?: { readonly [column: string]: unknown };
}

/** A lake in a folder of its own, with an engine. */
export interface TestLake {
  readonly root: string;
  readonly engine: LocalEngine;
  /** Writes gzip JSON Lines below `raw/`. @returns the file's path */
  writeRaw(name: string, records: readonly RawRecord[]): Promise<string>;
  writeBytes(name: string, bytes: Uint8Array): Promise<string>;
  rows(select: string, tables: TableSet): Promise<Cell[][]>;
  close(): Promise<void>;
}

export async function openTestLake(options: Omit<LocalEngineOptions, 'root'> = {}): Promise<TestLake> {
  const root = await mkdtemp(join(tmpdir(), 'campus-lake-engine-'));
  const engine = await openLocalEngine({ root, threads: 2, ...options });
  const writeBytes = async (name: string, bytes: Uint8Array) => {
    const path = join(root, 'raw', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    return path;
  };
  return {
    root,
    engine,
    writeBytes,
    writeRaw: (name, records) => writeBytes(`${name}.jsonl.gz`, gzipSync(toJsonLines(records))),
    async rows(select, tables) {
      const rows: Cell[][] = [];
      for await (const batch of (await engine.query(select, granted(tables))).batches()) rows.push(...batch);
      return rows;
    },
    async close() {
      await engine.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** JSON Lines in which bigints stand as bare numbers and nulls are left out, as the source does. */
export function toJsonLines(records: readonly RawRecord[]): string {
  return records.map((record) => `${toJson(asDelivered(record))}\n`).join('');
}

function asDelivered({ ts, action, key, value }: RawRecord): { [section: string]: unknown } {
  return { meta: { ts, ...(action ? { action } : {}) }, key, ...(value ? { value } : {}) };
}

/** A number in exactly these digits. */
export const exact = (digits: string): { readonly digits: string } => new Digits(digits);

class Digits {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

function toJson(value: unknown): string {
  if (value instanceof Digits) return value.digits;
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${toJson(inner)}`).join(',')}}`;
}

type SpecColumn = Partial<StagedTableSpec['columns'][number]> &
  Pick<StagedTableSpec['columns'][number], 'name' | 'type'>;

/** A spec in which columns come from `value` under their own name unless they say otherwise. */
export function specOf(
  table: string,
  columns: readonly SpecColumn[],
  options: Partial<Omit<StagedTableSpec, 'table' | 'columns'>> = {},
): StagedTableSpec {
  const key = options.key ?? ['id'];
  return {
    table,
    columns: columns.map((column) => ({
      source: column.name,
      section: key.includes(column.name) ? ('key' as const) : ('value' as const),
      treatment: 'keep' as const,
      ...column,
    })),
    key,
    layout: 'dap',
    format: 'jsonl',
    ...options,
  };
}
