import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SisSourceConfig } from '../../../../campus/campus-schema.ts';
import type { ChangeFeed, ReplicatedTable } from '../../../../ports/replication.ts';
import { inspectSis, type SisTable } from '../../../../sis/inspect.ts';
import type { Evaluation } from '../../../../sis/mapping/evaluate.ts';
import { endSession, openSession, type SisSession } from '../../../../sis/session.ts';
import { pathOf } from '../../object-keys.ts';
import { CaptureError } from '../errors.ts';
import type { CaptureRecord, CaptureRecords, ChangeFile, FollowedTable } from './capture-record.ts';
import { changeFileName } from './change-file-name.ts';
import { ChangeSpool } from './change-spool.ts';
import { type Followable, type Followed, followable } from './followable.ts';
import { lsnText, parseLsn } from './lsn.ts';
import { dropPublication, inPublication, keepPublication } from './publication.ts';
import { readChanges } from './read-changes.ts';
import {
  acknowledge,
  type CaptureServer,
  captureServer,
  createSlot,
  dropSlot,
  type SlotState,
  slotState,
} from './slot.ts';

export interface CaptureOptions {
  readonly root: string;
  /** Its name in campus.yaml. */
  readonly name: string;
  readonly source: SisSourceConfig;
  readonly password: string;
  readonly records: CaptureRecords;
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

/** The changes of one SIS in one load. */
export interface Capture {
  /** Tables that are to be copied whole before their changes can follow, by `schema.table`. */
  readonly toCopy: ReadonlySet<string>;
  /** Tables whose changes cannot be captured, and why: they are copied whole in each load. */
  readonly unfit: ReadonlyMap<string, string>;
  readonly remarks: readonly string[];
  /** Says which tables were copied whole: their changes follow from here on. */
  copied(tables: readonly ReplicatedTable[]): Promise<void>;
  /**
   * Reads the log up to now.
   * @returns tables that must be copied again, since the log does not say what is in them
   */
  catchUp(): Promise<ReadonlySet<string>>;
  /** The tables that are followed, with the files that the lake has not taken. @param copies of those copied in this load */
  result(copies: ReadonlyMap<string, ReplicatedTable>): ReplicatedTable[];
  end(): Promise<void>;
}

/** How often changes are read again for values that were looked up in the tables as they are now. */
const ROUNDS = 5;

/**
 * Takes up the changes of a SIS where the last load left them, or begins a slot where there is none that can be gone on
 * with. What the slot holds is acknowledged once it lies in files and the record says so: whatever is killed, no change
 * is lost, and one that is read twice is known by its place in the log.
 * @throws CaptureError where the server does not let its changes be captured
 */
export async function beginCapture(options: CaptureOptions, wanted: CaptureWanted): Promise<Capture> {
  const { source, password, signal, name, records } = options;
  const session = await openSession(source, password, signal);
  const { client } = session;
  try {
    const server = await captureServer(client, name);
    const found = await followableTables(options, wanted, session, source.publication);
    const { record, remarks } = await takeUp(options, session, server, found);
    const known = recognised(record, wanted, found.followed);
    await discard(options.root, record, known);
    const kept = await records.write({ ...record, tables: known });
    return new LocalCapture(options, wanted, session, found, kept, remarks);
  } catch (error) {
    await endSession(client);
    throw error;
  }
}

async function followableTables(
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
async function takeUp(
  { name, source, records }: CaptureOptions,
  { client }: SisSession,
  server: CaptureServer,
  { followed }: Followable,
): Promise<{ record: CaptureRecord; remarks: string[] }> {
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
    if (before.ownsPublication) await keepPublication(client, before.publication, followed, server, name);
    return { record: { ...before, position: before.position ?? lsnText(state.confirmed) }, remarks };
  }
  if (before) {
    if (reason !== undefined && before.position !== undefined) remarks.push(`all tables are copied again: ${reason}`);
    await dropSlot(client, before.slot);
    if (before.ownsPublication) await dropPublication(client, before.publication);
  }
  const slot = `campus_lake_${name.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_').slice(0, 32)}_${randomBytes(4).toString('hex')}`;
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

function whyBegin(
  { server, slot, publication, ownsPublication }: CaptureRecord,
  state: SlotState | undefined,
  place: string,
  named: string | undefined,
): string | undefined {
  if (server !== place) return `the SIS is at another place; the slot ${slot} is left at ${server}, drop it there`;
  if (!state) return `the replication slot ${slot} is gone`;
  if (state.lost) return `the log that the replication slot ${slot} needed is gone (max_slot_wal_keep_size)`;
  if (named === undefined ? !ownsPublication : named !== publication) return 'another publication is named';
  return undefined;
}

/** The tables that go on where they were: as they were then, and known to the lake. */
function recognised(
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
    if (before.taken !== undefined && !has.has(before.taken) && !before.files.some((file) => has.has(file.name)))
      continue;
    const files = before.files.filter((file) => !has.has(file.name));
    const taken = feed.taken.at(-1) ?? before.taken;
    known[name] = { ...before, files, ...(taken === undefined ? {} : { taken }) };
  }
  return known;
}

/** Removes the files of tables that begin again. Those that were taken stay, as raw data do. */
async function discard(
  root: string,
  { tables }: CaptureRecord,
  known: Readonly<Record<string, FollowedTable>>,
): Promise<void> {
  for (const [name, { files }] of Object.entries(tables)) {
    if (known[name]) continue;
    for (const { key } of files) await rm(pathOf(root, key), { force: true });
  }
}

class LocalCapture implements Capture {
  readonly #options: CaptureOptions;
  readonly #wanted: CaptureWanted;
  readonly #session: SisSession;
  readonly #followed: ReadonlyMap<string, Followed>;
  readonly unfit: ReadonlyMap<string, string>;
  readonly remarks: readonly string[];
  #record: CaptureRecord;
  #asOf = '';

  constructor(
    options: CaptureOptions,
    wanted: CaptureWanted,
    session: SisSession,
    { followed, unfit }: Followable,
    record: CaptureRecord,
    remarks: readonly string[],
  ) {
    this.#options = options;
    this.#wanted = wanted;
    this.#session = session;
    this.#followed = new Map(followed.map((one) => [one.name, one]));
    this.unfit = unfit;
    this.remarks = remarks;
    this.#record = record;
  }

  get toCopy(): ReadonlySet<string> {
    return new Set([...this.#followed.keys()].filter((name) => !this.#record.tables[name]));
  }

  async copied(tables: readonly ReplicatedTable[]): Promise<void> {
    const { load: generation } = this.#wanted;
    const added = Object.fromEntries(
      tables.flatMap(({ schema, table, error }): [string, FollowedTable][] => {
        const followed = this.#followed.get(`${schema}.${table}`);
        return followed && error === undefined
          ? [[followed.name, { generation, shape: followed.shape, files: [] }]]
          : [];
      }),
    );
    if (Object.keys(added).length > 0) await this.#keep({ tables: { ...this.#record.tables, ...added } });
  }

  async catchUp(): Promise<ReadonlySet<string>> {
    const { source, password, signal } = this.#options;
    const reader = await openSession(source, password, signal);
    const astray = new Set<string>();
    try {
      for (let round = 1; ; round++) {
        const { lookedUp, lost } = await this.#readUpToNow(reader);
        for (const name of lost) astray.add(name);
        // A value that was looked up may be newer than the rest of its row: what happened since then is read too.
        if (!lookedUp || round === ROUNDS) return astray;
      }
    } finally {
      await endSession(reader.client);
    }
  }

  async #readUpToNow(reader: SisSession): Promise<{ lookedUp: boolean; lost: ReadonlySet<string> }> {
    const { slot, publication } = this.#record;
    const { client } = this.#session;
    const now = await endOfLog(this.#session);
    const lost = new Set<string>();
    let lookedUp = false;
    for (let finished = false; !finished; ) {
      const spool = new ChangeSpool({ ...this.#options, client });
      const followed = new Map(
        [...this.#followed].filter(([name]) => this.#record.tables[name] !== undefined),
      );
      const from = parseLsn(this.#record.position!);
      const read = await readChanges(reader.client, {
        slot,
        publication,
        from,
        upTo: now.lsn > from ? now.lsn : from,
        followed,
        spool,
        signal: this.#options.signal,
      });
      const files = await spool.seal((one) => this.#place(one));
      lookedUp ||= spool.lookedUp;
      for (const name of spool.astray) lost.add(name);
      const position = lsnText(read.position);
      await this.#keep({ position, tables: withFiles(this.#record.tables, files, spool.astray) });
      await acknowledge(client, slot, position);
      finished = read.finished;
    }
    this.#asOf = now.at;
    return { lookedUp, lost };
  }

  /** Where the next file of a table lies: its name rises with the clock, and where that stands still or goes back too. */
  #place({ name, table }: Followed): { name: string; key: string } {
    const { generation, files, taken } = this.#record.tables[name]!;
    const file = changeFileName(Date.now(), files.at(-1)?.name ?? taken);
    const folder = `${this.#wanted.prefix}/${generation}/${table.schema}/${table.name}`;
    return { name: file, key: `${folder}/${file}` };
  }

  result(copies: ReadonlyMap<string, ReplicatedTable>): ReplicatedTable[] {
    return [...this.#followed.values()].map(({ name, table }) => {
      const { schema, name: own } = table.source;
      const copy = copies.get(name);
      const followed = this.#record.tables[name];
      if (!followed) {
        return copy?.error === undefined
          ? { schema, table: own, error: 'it changed in kind while it was copied; the next run copies it again' }
          : copy;
      }
      const { generation, files } = followed;
      const taken = files.map((file) => file.name);
      const feed = { generation, taken: taken.length > 0 ? taken : takenBefore(followed) };
      const delivered = files.map(({ key, bytes, sha256 }) => ({ key, bytes, sha256 }));
      const columns = table.columns.map((column) => ({ name: column.name, type: column.travel.lake }));
      const setAside = setAsideIn(files);
      if (copy) {
        const { keySum: _counted, ...whole } = copy;
        return {
          ...whole,
          feed,
          asOf: this.#asOf,
          files: [...(copy.files ?? []), ...delivered],
          ...(setAside ? { setAside: summed(copy.setAside ?? {}, setAside) } : {}),
        };
      }
      return {
        schema,
        table: own,
        feed,
        increment: true,
        asOf: this.#asOf,
        files: delivered,
        rows: files.reduce((sum, { rows }) => sum + rows, 0),
        columns,
        ...(setAside ? { setAside } : {}),
      };
    });
  }

  end(): Promise<void> {
    return endSession(this.#session.client);
  }

  async #keep(changed: Partial<CaptureRecord>): Promise<void> {
    this.#record = await this.#options.records.write({ ...this.#record, ...changed });
  }
}

const takenBefore = ({ taken }: FollowedTable): string[] => (taken === undefined ? [] : [taken]);

function withFiles(
  tables: CaptureRecord['tables'],
  files: ReadonlyMap<string, ChangeFile>,
  astray: ReadonlySet<string>,
): CaptureRecord['tables'] {
  return Object.fromEntries(
    Object.entries(tables).flatMap(([name, table]): [string, FollowedTable][] => {
      if (astray.has(name)) return [];
      const file = files.get(name);
      return [[name, file ? { ...table, files: [...table.files, file] } : table]];
    }),
  );
}

function setAsideIn(files: readonly ChangeFile[]): Record<string, number> | undefined {
  const all = files.reduce<Record<string, number>>((sum, { setAside = {} }) => summed(sum, setAside), {});
  return Object.keys(all).length > 0 ? all : undefined;
}

function summed(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum = { ...a };
  for (const [column, count] of Object.entries(b)) sum[column] = (sum[column] ?? 0) + count;
  return sum;
}

/** How long the server may take to write what was committed without waiting for it (`synchronous_commit = off`). */
const FLUSH_WAIT_MS = 3_000;

/** The end of the log, and an instant before which every commit is in it. */
async function endOfLog({ client }: SisSession): Promise<{ lsn: bigint; at: string }> {
  const { rows } = await client.query<{ at: Date; lsn: string }>(
    'SELECT clock_timestamp() AS at, pg_current_wal_insert_lsn()::text AS lsn',
  );
  const wanted = parseLsn(rows[0]!.lsn);
  const until = Date.now() + FLUSH_WAIT_MS;
  for (;;) {
    const { rows: flushed } = await client.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn()::text AS lsn');
    const lsn = parseLsn(flushed[0]!.lsn);
    if (lsn >= wanted || Date.now() > until) return { lsn: lsn < wanted ? lsn : wanted, at: rows[0]!.at.toISOString() };
    await sleep(50);
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
