import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Channel } from './channel.ts';
import type { Manner } from './column-sql.ts';
import { CopyOut } from './copy-out.ts';
import { CopyError } from './errors.ts';
import { explainCopyError, isBroken } from './explain.ts';
import type { Part } from './parts.ts';
import type { Snapshot, SnapshotReader } from './snapshot.ts';
import { copyStatement, parquetStatement } from './statements.ts';

const RENEWALS = 3;

/** One reader of the SIS with its own way into DuckDB; copies one part after another. */
export class Lane {
  readonly #snapshot: Snapshot;
  readonly #duckdb: DuckDBConnection;
  readonly #channel: Channel;
  #reader: SnapshotReader;

  constructor(snapshot: Snapshot, reader: SnapshotReader, duckdb: DuckDBConnection, channel: Channel) {
    this.#snapshot = snapshot;
    this.#reader = reader;
    this.#duckdb = duckdb;
    this.#channel = channel;
  }

  /**
   * Writes a part as one Parquet file. A broken connection is opened anew, once; values that the swift manner does
   * not take are read again in the careful one.
   * @returns rows, as both the server and the file count them
   * @throws CopyError; nothing is left at the path then
   */
  async copy(part: Part, path: string): Promise<number> {
    let manner: Manner = 'swift';
    for (let reconnected = false; ; ) {
      try {
        return await this.#attempt(part, manner, path);
      } catch (raw) {
        await rm(path, { force: true });
        const error = explainCopyError(part, raw);
        if (isBroken(error) && !reconnected) {
          reconnected = true;
          await this.#reconnect(part);
          continue;
        }
        if (!isBroken(error)) await this.#renew();
        if (error.name === 'UnreadableValueError' && manner === 'swift') {
          manner = 'careful';
          continue;
        }
        throw error;
      }
    }
  }

  async close(): Promise<void> {
    this.#duckdb.closeSync();
    await this.#reader.client.end().catch(() => undefined);
    await this.#channel.close();
  }

  async #attempt(part: Part, manner: Manner, path: string): Promise<number> {
    const { client } = this.#reader;
    const [written, sent] = await this.#channel.transfer(
      async (from) => {
        const result = await this.#duckdb.run(parquetStatement(part.table, manner, from, path));
        return result.rowsChanged;
      },
      async (sink) => {
        const copy = client.query(new CopyOut(copyStatement(part.table, manner, part.pages), sink));
        // A reader that gives up breaks the stream: the rest need not be sent.
        sink.once('close', () => {
          if (sink.errored) void this.#snapshot.cancel(this.#reader).catch(() => undefined);
        });
        return copy.rows;
      },
    );
    if (written === sent) return written;
    throw new CopyError(`The server sent ${sent} rows, and ${written} were read`);
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
    await this.#reader.client.end().catch(() => undefined);
    try {
      this.#reader = await this.#snapshot.open();
    } catch (cause) {
      throw explainCopyError(part, cause);
    }
  }
}
