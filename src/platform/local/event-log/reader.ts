import { type FileHandle, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { EventLogDamagedError } from '../../../ports/errors.ts';
import type { EventBatch, EventReader, LoggedEvent } from '../../../ports/event-log.ts';
import {
  framesOf,
  hasMagic,
  MAGIC,
  type Place,
  placeOf,
  positionOf,
  segmentFile,
  segmentsOf,
} from './segment.ts';

/** Bytes of values in a batch. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** Where an event ends in a file, to read on without looking for it. */
interface Mark extends Place {
  readonly inode: bigint;
  readonly offset: number;
}

type Durable = (partition: string) => { segment: number; bytes: number } | undefined;

/** Reads a log from its files, beside whoever writes it. */
export class FileEventReader implements EventReader {
  readonly #folder: string;
  readonly #marks = new Map<string, Mark>();
  /** How far the segment that is being written is on the disk; undefined: it is not known here. */
  readonly #durable: Durable;

  constructor(folder: string, durable: Durable = () => undefined) {
    this.#folder = folder;
    this.#durable = durable;
  }

  async partitions(): Promise<string[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(() => []);
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  }

  async read(partition: string, after?: string, most = 1_000): Promise<EventBatch> {
    const folder = path.join(this.#folder, partition);
    const last = after === undefined ? undefined : placeOf(after);
    const segments = await segmentsOf(folder);
    const events: LoggedEvent[] = [];
    let bytes = 0;
    for (const [i, segment] of segments.entries()) {
      if (last && segment < last.segment) continue;
      const from = last?.segment === segment ? last.number : -1;
      const isSealed = i < segments.length - 1;
      for await (const event of this.#events(partition, segment, from, isSealed)) {
        events.push(event);
        bytes += event.value.length;
        if (events.length >= most || bytes >= BATCH_BYTES) return { events, next: event.position };
      }
    }
    const next = events.at(-1)?.position ?? after;
    return { events, ...(next === undefined ? {} : { next }) };
  }

  async *#events(
    partition: string,
    segment: number,
    after: number,
    isSealed: boolean,
  ): AsyncGenerator<LoggedEvent, void> {
    const handle = await opened(segmentFile(path.join(this.#folder, partition), segment));
    // Truncated since it was listed.
    if (!handle) return;
    try {
      const { ino, size } = await handle.stat({ bigint: true });
      const durable = this.#durable(partition);
      const to = durable?.segment === segment ? durable.bytes : Number(size);
      const mark = this.#marks.get(partition);
      const known =
        mark?.segment === segment && mark.inode === ino && mark.number === after && mark.offset <= to;
      if (!known && !(await hasMagic(handle))) {
        if (isSealed) throw damaged(segmentFile(partition, segment), 0);
        return;
      }
      let offset = known ? mark.offset : MAGIC.length;
      for await (const { number, key, value, at, end } of framesOf(handle, { from: offset, to })) {
        offset = end;
        if (number <= after) continue;
        this.#marks.set(partition, { segment, number, inode: ino, offset });
        yield { position: positionOf({ segment, number }), key, value, at };
      }
      // What was never acknowledged is cut off before the next segment begins.
      if (isSealed && offset < to && (await handle.stat()).size > offset)
        throw damaged(segmentFile(partition, segment), offset);
    } finally {
      await handle.close();
    }
  }
}

async function opened(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function damaged(file: string, offset: number): EventLogDamagedError {
  return new EventLogDamagedError(`The event log cannot be read at byte ${offset} of ${file}.`, {
    about: 'event log',
    hint: 'The disk failed, or the file was changed from outside. Restore it from a backup, or remove it: its events are lost then, and the next load of the source tells what they told.',
  });
}
