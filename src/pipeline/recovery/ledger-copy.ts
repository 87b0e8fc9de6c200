import { z } from 'zod';
import type { Json } from '../../json.ts';
import {
  DETAIL_TABLES,
  type LedgerStore,
  OPS_TABLES,
  type OpsRow,
  type OpsTable,
} from '../../ports/ledger.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { Clock } from '../../ports/platform.ts';
import type { Mover } from '../../ports/query-engine.ts';
import { readPublication } from '../publication.ts';

/**
 * The ledger as files among the records, so that S3 copies it to the second Region with everything else: after a
 * publication its state records and the list of the files that were published, and rows of `ops.*` by the day.
 */
const FOLDER = 'recovery';
const STATES = `${FOLDER}/state/`;
const ROWS = `${FOLDER}/rows/`;
const KEPT = 7;
const DAY_MS = 86_400_000;

/** Rows that are numbered, not named by a run: a chain, which is copied whole. */
const CHAINED: readonly OpsTable[] = ['access', 'disclosures'];

const copySchema = z.strictObject({
  format: z.literal(1),
  run: z.string(),
  /** When it was made, ISO 8601 UTC. */
  at: z.string(),
  /** The publication that was shown. Absent: none was. */
  publication: z.strictObject({ id: z.string(), at: z.string(), asOf: z.string() }).optional(),
  records: z.array(z.tuple([z.string(), z.json()])),
  /** Keys of the files of published tables that can be read elsewhere. */
  files: z.array(z.string()),
});

/** What was kept of a ledger after one publication. */
export type LedgerCopy = z.infer<typeof copySchema>;

interface Stores {
  readonly ledger: LedgerStore;
  readonly objects: ObjectStore;
}

/** Writes a copy, and forgets the oldest. Doing it again for a run replaces its copy. */
export async function writeLedgerCopy(
  { ledger, objects, clock, mover }: Stores & { readonly clock: Pick<Clock, 'now'>; readonly mover: Mover },
  run: string,
): Promise<LedgerCopy> {
  const before = (await listLedgerCopies(objects)).at(-1);
  const since = before === undefined ? undefined : await readLedgerCopy(objects, before);
  const now = clock.now();
  await writeRows({ ledger, objects }, since && daysBetween(Date.parse(since.at) - DAY_MS, now));
  const publication = await readPublication({ ledger, objects });
  const files: string[] = [];
  for (const version of Object.values(publication?.tables ?? {}))
    files.push(...((await mover.filesOf(version)) ?? []));
  const records = await ledger.list<Json>('');
  const copy: LedgerCopy = {
    format: 1,
    run,
    at: new Date(now).toISOString(),
    ...(publication && { publication: { id: publication.id, at: publication.at, asOf: publication.asOf } }),
    records: records.map(({ key, value }) => [key, value]),
    files: [...new Set(files)].sort(),
  };
  // Last: one that is there is whole.
  await objects.putText(`${STATES}${run}.json`, JSON.stringify(copy));
  const all = await listLedgerCopies(objects);
  await objects.delete(all.slice(0, -KEPT).map((name) => `${STATES}${name}.json`));
  return copy;
}

/** The copies that are there, by the run after which they were made, the newest last. */
export async function listLedgerCopies(objects: ObjectStore): Promise<string[]> {
  return (await objects.list(STATES)).map((key) => key.slice(STATES.length, -'.json'.length)).sort();
}

/** Undefined for one that is not there, or that this program cannot read. */
export async function readLedgerCopy(objects: ObjectStore, run: string): Promise<LedgerCopy | undefined> {
  const text = await objects.getText(`${STATES}${run}.json`);
  if (text === undefined) return undefined;
  try {
    return copySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** All rows that were kept, table by table, in the order of their days. */
export async function* readRowCopies(
  objects: ObjectStore,
): AsyncGenerator<{ readonly table: OpsTable; readonly rows: OpsRow[] }> {
  for (const key of await objects.list(ROWS)) {
    const [table = ''] = key.slice(ROWS.length).split('/');
    const text = (await objects.getText(key)) ?? '';
    const lines = text.split('\n').filter((line) => line !== '');
    yield { table, rows: lines.map((line) => JSON.parse(line) as OpsRow) };
  }
}

/** @param days those whose rows may have changed. Absent: all rows are written */
async function writeRows({ ledger, objects }: Stores, days: readonly string[] | undefined): Promise<void> {
  const own: readonly OpsTable[] = [...OPS_TABLES, ...(ledger.added ?? []).map(({ name }) => name)];
  const put = (table: OpsTable, day: string, rows: readonly OpsRow[]) =>
    rows.length === 0
      ? undefined
      : objects.putText(`${ROWS}${table}/${day}.jsonl`, rows.map((row) => JSON.stringify(row)).join('\n'));
  for (const table of own.filter((name) => !DETAIL_TABLES.includes(name))) {
    if (CHAINED.includes(table)) await put(table, 'all', await ledger.rows(table));
    else if (days) for (const day of days) await put(table, day, await ledger.rows(table, day));
    else for (const [day, rows] of byDay(await ledger.rows(table))) await put(table, day, rows);
  }
}

function byDay(rows: readonly OpsRow[]): Map<string, OpsRow[]> {
  const days = new Map<string, OpsRow[]>();
  for (const row of rows) {
    const day = row.id.slice(0, 8);
    const of = days.get(day);
    if (of) of.push(row);
    else days.set(day, [row]);
  }
  return days;
}

/** Days of UTC as ids of rows begin: `20261130`. */
function daysBetween(from: number, to: number): string[] {
  const days: string[] = [];
  for (let at = from; at < to + DAY_MS; at += DAY_MS)
    days.push(new Date(Math.min(at, to)).toISOString().slice(0, 10).replaceAll('-', ''));
  return [...new Set(days)];
}
