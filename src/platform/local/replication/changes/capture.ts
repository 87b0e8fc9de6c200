import type { ReplicatedTable } from '../../../../ports/replication.ts';
import { endSession, openSession, type SisSession } from '../../../../sis/session.ts';
import type { CaptureRecord, ChangeFile, FollowedTable } from './capture-record.ts';
import { changeFileName } from './change-file-name.ts';
import { ChangeSpool } from './change-spool.ts';
import { joinedTimes } from './commit-counter.ts';
import { endOfLog } from './end-of-log.ts';
import type { Followable, Followed } from './followable.ts';
import { later, lsnText, parseLsn } from './lsn.ts';
import { readChanges } from './read-changes.ts';
import { acknowledge, captureServer } from './slot.ts';
import {
  type CaptureOptions,
  type CaptureWanted,
  discard,
  followableTables,
  recognised,
  takeUp,
} from './take-up.ts';

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
  /** The tables that are followed, by `schema.table` at the source. */
  readonly followed: readonly string[];
  /** Every commit before it has been read, ISO 8601 UTC; empty before `catchUp`. */
  readonly asOf: string;
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
    const known = await filesAsTheyAre(options, recognised(record, wanted, found.followed));
    await discard(options.root, record, known);
    const kept = await records.write({ ...record, tables: known });
    return new LocalCapture(options, wanted, session, found, kept, remarks);
  } catch (error) {
    await endSession(client);
    throw error;
  }
}

/** Files that an erasure has written again have another sum than the record says. */
async function filesAsTheyAre(
  { rewritten }: CaptureOptions,
  tables: CaptureRecord['tables'],
): Promise<CaptureRecord['tables']> {
  const now: [string, FollowedTable][] = [];
  for (const [name, table] of Object.entries(tables))
    now.push([name, { ...table, files: await rewritten.asTheyAre(table.files) }]);
  return Object.fromEntries(now);
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

  get followed(): readonly string[] {
    return [...this.#followed.keys()];
  }

  get asOf(): string {
    return this.#asOf;
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
        upTo: later(now.lsn, from),
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
          ? {
              schema,
              table: own,
              error: 'it changed in kind while it was copied; the next run copies it again',
            }
          : copy;
      }
      const { generation, files } = followed;
      const taken = files.map((file) => file.name);
      const feed = { generation, taken: taken.length > 0 ? taken : takenBefore(followed) };
      const delivered = files.map(({ key, bytes, sha256 }) => ({ key, bytes, sha256 }));
      const columns = table.columns.map((column) => ({ name: column.name, type: column.travel.lake }));
      const setAside = setAsideIn(files);
      const commits = joinedTimes(files.map((file) => file.commits));
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
        ...(commits.length > 0 ? { commits } : {}),
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
