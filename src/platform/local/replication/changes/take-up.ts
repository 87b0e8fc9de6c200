import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { SisSourceConfig } from '../../../../campus/campus-schema.ts';
import type { ChangeFeed } from '../../../../ports/replication.ts';
import { inspectSis, type SisTable } from '../../../../sis/inspect.ts';
import type { Evaluation } from '../../../../sis/mapping/evaluate.ts';
import { endSession, openSession, type SisSession } from '../../../../sis/session.ts';
import { pathOf } from '../../object-keys.ts';
import { CaptureError } from '../errors.ts';
import type { RewrittenFiles } from '../rewritten-files.ts';
import type { CaptureRecord, CaptureRecords, FollowedTable } from './capture-record.ts';
import { type Followable, type Followed, followable } from './followable.ts';
import { lsnText } from './lsn.ts';
import { dropPublication, inPublication, keepPublication, tablesIn } from './publication.ts';
import { type CaptureServer, createSlot, dropSlot, type SlotState, slotState } from './slot.ts';

export interface CaptureOptions {
  readonly root: string;
  /** Its name in campus.yaml. */
  readonly name: string;
  readonly source: SisSourceConfig;
  readonly password: string;
  readonly records: CaptureRecords;
  readonly rewritten: RewrittenFiles;
  /** What DuckDB may hold in memory while it writes. */
  readonly memoryLimit: string;
  draft(): Promise<string>;
  readonly signal: AbortSignal;
}

export interface CaptureWanted {
  readonly load: string;
  /** Key prefix below which each generation has a folder. */
  readonly prefix: string;
  /** What the lake has taken, by `schema.table`. */
  readonly feeds: Readonly<Record<string, ChangeFeed>>;
  /** The key of each table in the lake, by its names at the source. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** What of the tables that there are is to be followed. */
  choose(tables: readonly SisTable[]): Evaluation;
}

/** What of the tables that there are can be followed. */
export async function followableTables(
  { name }: CaptureOptions,
  wanted: CaptureWanted,
  { client }: SisSession,
  publication: string | undefined,
): Promise<Followable> {
  const { tables } = wanted.choose(await inspectSis(client));
  const { rows } = await client.query<{ ascii: boolean }>(
    `SELECT current_setting('server_encoding') = 'SQL_ASCII' AS ascii`,
  );
  if (rows[0]!.ascii) {
    const why = 'the database does not know the encoding of its texts (SQL_ASCII)';
    return { followed: [], unfit: new Map(tables.map(({ source: t }) => [`${t.schema}.${t.name}`, why])) };
  }
  const found = await followable(client, tables, wanted.keys);
  return publication === undefined ? found : inPublication(client, publication, found, name);
}

/** The record to go on with, and its slot. A slot that was lost begins again, and with it every table. */
export async function takeUp(
  options: CaptureOptions,
  { client }: SisSession,
  server: CaptureServer,
  { followed }: Followable,
): Promise<{ record: CaptureRecord; remarks: string[] }> {
  const { name, source, records } = options;
  const remarks: string[] = [];
  const place = `${source.host}:${source.port}/${source.database}`;
  const before = await records.read(name);
  const state = before && (await slotState(client, before.slot));
  const reason = before && whyBegin(before, state, place, source.publication);
  if (state?.reader !== undefined)
    throw new CaptureError(`${name}: another process reads the replication slot ${before!.slot}`, {
      about: name,
      hint: 'Another run of this lake, or a copy of its folder, is at it: end that first.',
    });
  if (before && state && reason === undefined) {
    const held = before.ownsPublication ? await onlyPublished(options, client, before) : before;
    if (held.ownsPublication) await keepPublication(client, held.publication, followed, server, name);
    return { record: { ...held, position: held.position ?? lsnText(state.confirmed) }, remarks };
  }
  if (before) {
    if (reason !== undefined && before.position !== undefined)
      remarks.push(`all tables are copied again: ${reason}`);
    await dropSlot(client, before.slot);
    if (before.ownsPublication) await dropPublication(client, before.publication);
  }
  const slot = `campus_lake_${name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, '_')
    .slice(0, 32)}_${randomBytes(4).toString('hex')}`;
  const record: CaptureRecord = {
    source: name,
    slot,
    server: place,
    publication: source.publication ?? slot,
    ownsPublication: source.publication === undefined,
    tables: {},
  };
  // Written before there is a slot, so that none is ever left behind that nobody knows of.
  await records.write(record);
  // The log is read by the catalog of its time: the publication has to be there first.
  if (record.ownsPublication) await keepPublication(client, slot, followed, server, name);
  const position = lsnText(await createSlot(client, slot, name));
  if (server.unbounded)
    remarks.push(
      `nothing bounds the log that the slot ${slot} holds back while no run reads it: set max_slot_wal_keep_size (docs/sis.md)`,
    );
  return { record: { ...record, position }, remarks };
}

/**
 * The record without tables that somebody has taken out of the lake's publication: the log does not have what became of
 * them since. It is kept before they are put back.
 */
async function onlyPublished(
  { root, records }: CaptureOptions,
  client: SisSession['client'],
  record: CaptureRecord,
): Promise<CaptureRecord> {
  const published = await tablesIn(client, record.publication);
  const tables = Object.fromEntries(Object.entries(record.tables).filter(([name]) => published.has(name)));
  if (Object.keys(tables).length === Object.keys(record.tables).length) return record;
  await discard(root, record, tables);
  return records.write({ ...record, tables });
}

function whyBegin(
  { server, slot, publication, ownsPublication }: CaptureRecord,
  state: SlotState | undefined,
  place: string,
  named: string | undefined,
): string | undefined {
  if (server !== place)
    return `the SIS is at another place; the slot ${slot} is left at ${server}, drop it there`;
  if (!state) return `the replication slot ${slot} is gone`;
  if (state.lost) return `the log that the replication slot ${slot} needed is gone (max_slot_wal_keep_size)`;
  if (named === undefined ? !ownsPublication : named !== publication) return 'another publication is named';
  return undefined;
}

/** The tables that go on where they were: as they were then, and known to the lake. */
export function recognised(
  { tables }: CaptureRecord,
  { feeds }: CaptureWanted,
  followed: readonly Followed[],
): Record<string, FollowedTable> {
  const known: Record<string, FollowedTable> = {};
  for (const { name, shape } of followed) {
    const before = tables[name];
    const feed = feeds[name];
    if (!before || before.shape !== shape || feed?.generation !== before.generation) continue;
    // An older state of the lake, such as a backup of it, has not taken what is no longer kept.
    const has = new Set(feed.taken);
    if (
      before.taken !== undefined &&
      !has.has(before.taken) &&
      !before.files.some((file) => has.has(file.name))
    )
      continue;
    const files = before.files.filter((file) => !has.has(file.name));
    const taken = feed.taken.at(-1) ?? before.taken;
    known[name] = { ...before, files, ...(taken === undefined ? {} : { taken }) };
  }
  return known;
}

/** Removes the files of tables that begin again. Those that were taken stay, as raw data do. */
export async function discard(
  root: string,
  { tables }: CaptureRecord,
  known: Readonly<Record<string, FollowedTable>>,
): Promise<void> {
  for (const [name, { files }] of Object.entries(tables)) {
    if (known[name]) continue;
    for (const { key } of files) await rm(pathOf(root, key), { force: true });
  }
}

/** Ends the capture of a SIS that is copied whole again: the slot goes, and with it what the server keeps for it. */
export async function endCapture(
  options: Pick<CaptureOptions, 'name' | 'source' | 'password' | 'records' | 'signal'>,
): Promise<void> {
  const { name, source, password, records, signal } = options;
  const record = await records.read(name);
  if (!record) return;
  if (record.server === `${source.host}:${source.port}/${source.database}`) {
    const { client } = await openSession(source, password, signal);
    try {
      await dropSlot(client, record.slot);
      if (record.ownsPublication) await dropPublication(client, record.publication);
    } finally {
      await endSession(client);
    }
  }
  await records.forget(name);
}
