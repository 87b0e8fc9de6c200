import { execFile } from 'node:child_process';
import { constants, createWriteStream, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Carries a stream from this process to a reader that wants a path: DuckDB's `read_csv`. */
export interface Channel {
  /**
   * Runs both ends. `read` gets the path and must read it to its end; `write` gets the stream, which is ended for
   * it. When one end fails the other is released, and the failure is thrown: the reader's before the writer's, for
   * a reader that gave up is why a writer could not write.
   */
  transfer<R, W>(read: (path: string) => Promise<R>, write: (sink: Writable) => Promise<W>): Promise<[R, W]>;
  close(): Promise<void>;
}

/** A named pipe where the system has them, else a file. @param path where it may lie; nothing is there yet */
export async function openChannel(path: string): Promise<Channel> {
  return (await makePipe(path)) ? pipeChannel(path) : fileChannel(path);
}

/** Node cannot make a named pipe itself. Windows has none, some file systems neither. */
async function makePipe(path: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  try {
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    return true;
  } catch {
    return false;
  }
}

export function pipeChannel(path: string): Channel {
  return {
    async transfer(read, write) {
      const reading = settled(read(path));
      const sink = await openForWriting(path, reading);
      if (!sink) {
        const ended = await reading.outcome;
        throw ended.ok ? new Error('The reader ended without opening its pipe') : ended.error;
      }
      // A pipe whose reader has gone breaks; the reader says why.
      sink.on('error', () => undefined);
      const writing = await settled(write(sink)).outcome;
      if (writing.ok) sink.end();
      else sink.destroy();
      const ended = await reading.outcome;
      if (!ended.ok && (writing.ok || sink.errored)) throw ended.error;
      if (!writing.ok) throw writing.error;
      if (!ended.ok) throw ended.error;
      return [ended.value, writing.value];
    },
    close: () => rm(path, { force: true }),
  };
}

/**
 * Opens the pipe once the reader has it open. Opening without waiting, again and again, keeps clear of Node's
 * thread pool: the reader sits in one of its few threads, and a writer that waited in another could wait for ever.
 */
async function openForWriting(path: string, reading: Settled<unknown>): Promise<Socket | undefined> {
  while (!reading.done) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      // ENXIO: nobody reads yet.
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await sleep(1);
    }
  }
  return undefined;
}

/** Writes everything to a file before it is read. */
export function fileChannel(path: string): Channel {
  return {
    async transfer(read, write) {
      try {
        const sink = createWriteStream(path, { mode: 0o600 });
        const written = await write(sink).finally(() => sink.end());
        await finished(sink);
        return [await read(path), written];
      } finally {
        await rm(path, { force: true });
      }
    },
    close: () => rm(path, { force: true }),
  };
}

interface Settled<T> {
  readonly done: boolean;
  readonly outcome: Promise<{ ok: true; value: T } | { ok: false; error: unknown }>;
}

/** A promise whose end can be asked for, and whose failure waits to be looked at. */
function settled<T>(promise: Promise<T>): Settled<T> {
  const state = {
    done: false,
    outcome: promise.then(
      (value) => {
        state.done = true;
        return { ok: true as const, value };
      },
      (error: unknown) => {
        state.done = true;
        return { ok: false as const, error };
      },
    ),
  };
  return state;
}
