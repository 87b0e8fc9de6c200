import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type PQueue from 'p-queue';
import type { MappedColumn } from '../../../sis/mapping/evaluate.ts';
import type { SisSession } from '../../../sis/session.ts';
import type { Channel } from './channel.ts';
import { CopyOut } from './copy-out.ts';
import {
  CopyConnectionError,
  type CopyError,
  LongRowError,
  SnapshotLostError,
  UnreadableValueError,
} from './errors.ts';
import { explainCopyError } from './explain.ts';
import { keySumStatement } from './key-sum-sql.ts';
import { countStatement, type Misfits, misfitsOf } from './misfits.ts';
import type { Part } from './parts.ts';
import type { Snapshot } from './snapshot.ts';
import { copyStatement, parquetStatement, type Reading } from './statements.ts';

const RENEWALS = 3;
/** A reader keeps a lock on every table and index that it has read; so often it lets go of them. */
const COPIES_PER_TRANSACTION = 100;

/** What was written of a part. */
export interface CopiedRows {
  /** As both the server and the file count them. */
  readonly rows: number;
  /** The sum of their keys as the server counts it; absent where nobody asked. */
  readonly keySum?: bigint;
  /** How many values of which columns, by their names in the copy, are empty because they fit no type of the lake. */
  readonly setAside?: Readonly<Record<string, number>>;
}

export interface LaneParts {
  readonly snapshot: Snapshot;
  readonly reader: SisSession;
  readonly duckdb: DuckDBConnection;
  readonly channel: Channel;
  /** Shared by all lanes; lets one at a time through. */
  readonly longLines: PQueue;
}

/** One reader of the SIS with its own way into DuckDB; copies one part after another. */
export class Lane {
  readonly #snapshot: Snapshot;
  readonly #duckdb: DuckDBConnection;
  readonly #channel: Channel;
  readonly #longLines: PQueue;
  #reader: SisSession;
  #copies = 0;

  constructor(parts: LaneParts) {
    this.#snapshot = parts.snapshot;
    this.#reader = parts.reader;
    this.#duckdb = parts.duckdb;
    this.#channel = parts.channel;
    this.#longLines = parts.longLines;
  }

  /**
   * Writes a part as one Parquet file. A broken connection is opened again, once; a part with values or lines that the
   * usual reading does not take is read again in one that does.
   * @param key columns of whose values the server is to count the sum. Default: none
   * @throws CopyError; nothing is left at the path then
   */
  async copy(part: Part, path: string, key?: readonly MappedColumn[]): Promise<CopiedRows> {
    let reading: Reading = { manner: 'swift', lines: 'usual' };
    for (let reconnected = false; ; ) {
      try {
        const rows = await this.#inTurn(reading, () => this.#attempt(part, reading, path));
        const keySum = key ? await this.#keySum(part, key) : undefined;
        const setAside = reading.aside ? await this.#countAside(part, reading.aside) : undefined;
        await this.#snapshot.confirm(part.table, this.#reader);
        this.#copies += 1;
        if (this.#copies % COPIES_PER_TRANSACTION === 0) await this.#renew();
        return {
          rows,
          ...(keySum === undefined ? {} : { keySum }),
          ...(setAside === undefined ? {} : { setAside }),
        };
      } catch (raw) {
        await rm(path, { force: true });
        const error = explainCopyError(part, raw);
        if (error instanceof SnapshotLostError) throw error;
        const broken = error instanceof CopyConnectionError;
        if (broken && !reconnected) {
          reconnected = true;
          await this.#reconnect(part);
          continue;
        }
        if (!broken) await this.#renew();
        const next = otherReading(
          error,
          reading,
          misfitsOf(
            part.table,
            key?.map(({ name }) => name),
          ),
        );
        if (!next) throw error;
        reading = next;
      }
    }
  }

  async close(): Promise<void> {
    this.#duckdb.closeSync();
    await this.#snapshot.close(this.#reader);
    await this.#channel.close();
  }

  /** Long lines take most of the memory: one part at a time. */
  async #inTurn(reading: Reading, copy: () => Promise<number>): Promise<number> {
    return reading.lines === 'long' ? this.#longLines.add(copy) : copy();
  }

  async #attempt(part: Part, reading: Reading, path: string): Promise<number> {
    const { client } = this.#reader;
    const [written, sent] = await this.#channel.transfer(
      async (from) => {
        const result = await this.#duckdb.run(parquetStatement(part.table, reading, from, path));
        return result.rowsChanged;
      },
      async (sink) => {
        const copy = client.query(new CopyOut(copyStatement(part.table, reading, part.pages), sink));
        // A reader that gives up breaks the stream: the rest need not be sent.
        sink.once('close', () => {
          if (sink.errored) void this.#snapshot.cancel(this.#reader).catch(() => undefined);
        });
        return copy.rows;
      },
    );
    if (written === sent) return written;
    // Of a line that is longer than its buffer DuckDB can lose what follows it.
    throw new LongRowError(`The server sent ${sent} rows, and ${written} were read`);
  }

  /** Of the same snapshot, so that it is the sum of just these rows. */
  async #keySum({ table, pages }: Part, key: readonly MappedColumn[]): Promise<bigint> {
    const { client } = this.#reader;
    const { rows } = await client.query<{ sum: string }>(keySumStatement(table, key, pages));
    return BigInt(rows[0]!.sum);
  }

  async #countAside({ table, pages }: Part, aside: readonly Misfits[]): Promise<Record<string, number>> {
    const { client } = this.#reader;
    const { rows } = await client.query<Record<string, string>>(countStatement(table, aside, pages));
    const counts = aside.map(({ column }, i) => [column.name, Number(rows[0]![`m${i}`])] as const);
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  /** A cancellation that comes late hits this instead of the COPY: then again. */
  async #renew(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#snapshot.renew(this.#reader);
      } catch (error) {
        if (tries === RENEWALS) throw error;
      }
    }
  }

  async #reconnect(part: Part): Promise<void> {
    await this.#snapshot.close(this.#reader);
    try {
      this.#reader = await this.#snapshot.open();
    } catch (cause) {
      throw explainCopyError(part, cause);
    }
  }
}

/** How a part is to be read that failed with this error; undefined where no other way helps. */
function otherReading(error: CopyError, reading: Reading, misfits: readonly Misfits[]): Reading | undefined {
  if (error instanceof UnreadableValueError) {
    if (reading.manner === 'swift') return { ...reading, manner: 'careful' };
    if (!reading.aside && misfits.length > 0) return { ...reading, aside: misfits };
  }
  if (error instanceof LongRowError && reading.lines === 'usual') return { ...reading, lines: 'long' };
  return undefined;
}
