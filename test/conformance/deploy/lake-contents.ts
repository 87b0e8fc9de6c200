import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type pg from 'pg';
import type { Json } from '../../../src/json.ts';
import { listStates } from '../../../src/loads/dataset-state.ts';
import type { LoadManifest } from '../../../src/loads/load.ts';
import { OPS_TABLES, type OpsRow } from '../../../src/ports/ledger.ts';
import type { Platform } from '../../../src/ports/platform.ts';
import { dump } from '../../end-to-end/small-campus.ts';

/** Everything that a lake holds, in words that do not depend on its home: two lakes are equal when these are. */
export interface Contents {
  /** Raw objects by key: the digest of what they hold; of a manifest, what it says. */
  readonly raw: Record<string, string>;
  /** Published tables, staged and curated: columns, then the rows, sorted. */
  readonly tables: Record<string, string[]>;
  readonly states: string[];
  /** Rows of the ledger by table. */
  readonly ledger: Record<string, string[]>;
}

/** What differs between homes by nature: names of runs, and instants of the machine's own clock. */
export interface Own {
  /** Ids of the home's runs in their order. */
  readonly runs: readonly string[];
  /** Epoch ms: instants from here on are the machine's; those of the college, whose clock stands, are before. */
  readonly since: number;
}

/**
 * What only one machine keeps: sums that its replicator counts at the source on its way and DMS does not report, and
 * counts that it takes over from the night before.
 */
const OF_ONE_MACHINE = new Set(['keySum', 'keysAtSource', 'counted']);

/** A value as text in which each run is called by its number and the machine's instants have no hour. */
export function withoutOwn(value: Json, { runs, since }: Own): string {
  const told = (key: string, inner: Json) => (OF_ONE_MACHINE.has(key) ? undefined : inner);
  const text = JSON.stringify(value, told).replaceAll(
    /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g,
    (instant) => (Date.parse(instant) >= since ? 'since' : instant),
  );
  return runs.reduce((words, run, n) => words.replaceAll(run, `run-${n}`), text);
}

/** Of a step: how often its function was called, and what it answered, which names tasks and tables of the home. */
const OF_STEPS = ['attempt', 'output'];

export async function contentsOf(platform: Platform, own: Own): Promise<Contents> {
  const plain = (value: Json) => withoutOwn(value, own);
  const ledger: Contents['ledger'] = {};
  for (const table of OPS_TABLES) {
    // MiniStack keeps no history of Athena's workgroups, and a remark says so.
    const rows = (await platform.ledger.rows(table)).filter(({ about }) => about !== 'access-history');
    ledger[table] = rows.map((row) => plain(table === 'steps' ? without(row, OF_STEPS) : row)).sort();
  }
  const states = (await listStates(platform.ledger)).map((state) =>
    plain({ ...state, table: withRows(state.table as unknown as Json) } as unknown as Json),
  );
  return { raw: await rawOf(platform, plain), tables: await dump(platform), states: states.sort(), ledger };
}

/** Versions by their rows alone: where they lie is the home's. */
function withRows(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      name === 'version' ? (part as { rows: number }).rows : withRows(part),
    ]),
  );
}

const without = (row: OpsRow, columns: readonly string[]): Json =>
  Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column)));

async function rawOf({ objects }: Platform, plain: (value: Json) => string): Promise<Contents['raw']> {
  const raw: Contents['raw'] = {};
  for (const key of await objects.list('raw/')) {
    const bytes = await buffer(await objects.get(key));
    raw[JSON.parse(plain(key)) as string] = key.endsWith('manifest.json')
      ? plain(manifestOf(bytes.toString()))
      : createHash('sha256').update(bytes).digest('hex');
  }
  return raw;
}

/** Of files that DMS wrote nobody has seen the bytes pass; their digests are compared as those of objects. */
function manifestOf(text: string): Json {
  const manifest = JSON.parse(text) as LoadManifest;
  const files = manifest.files.map(({ sha256, ...file }) =>
    manifest.layout === 'dap' ? { ...file, sha256 } : file,
  );
  // One machine copies values whole, DMS up to a limit.
  const { lobLimit: _, ...others } = manifest;
  return { ...others, files } as unknown as Json;
}

/** Every table that the warehouse shows to this user, its columns and all its rows, sorted. */
export async function warehouseOf(client: pg.Client, own: Own): Promise<Record<string, string[]>> {
  const { rows: tables } = await client.query<{ schema: string; name: string; columns: string }>(
    `SELECT table_schema AS schema, table_name AS name,
            string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position) AS columns
       FROM information_schema.columns
      WHERE table_schema IN ('campus', 'mart')
        AND table_name NOT IN ('lake_publication', 'lake_schemas', 'lake_tables', 'lake_set_aside', 'lake_served')
      GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const found: Record<string, string[]> = {};
  for (const { schema, name, columns } of tables) {
    const table = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
    const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t ORDER BY 1`);
    found[`${schema}.${name}`] = [columns, ...rows.map(({ row }) => withoutOwn(row, own))];
  }
  return found;
}
