import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { EventLogInUseError } from '../../../ports/errors.ts';
import type { EventLogs, EventWriter, NewEvent } from '../../../ports/event-log.ts';
import { makeFolder, syncPath, writeSynced } from '../files/durable.ts';
import { holderWords, tryLock } from '../files/file-lock.ts';
import { PartitionWriter, type SegmentLimits } from './partition.ts';
import { FileEventReader } from './reader.ts';

export interface LocalEventLogs {
  /** A folder for each log, in it one for each partition. */
  readonly folder: string;
  readonly clock: { now(): number };
  /** Default: 64 MB and an hour. */
  readonly segments?: Partial<SegmentLimits>;
  /** Of logs that are made. Default: 1. One that is there keeps its number. */
  readonly partitions?: number;
}

const NAME = /^[a-z0-9][a-z0-9_-]*$/;

/** Logs as segments of files. */
export function openLocalEventLogs({ folder, clock, segments, partitions = 1 }: LocalEventLogs): EventLogs {
  const limits: SegmentLimits = { bytes: 64 * 1024 * 1024, ageMs: 3600_000, ...segments };
  return {
    openReader: async (log) => new FileEventReader(folderOf(folder, log)),
    openWriter: (log) => openWriter(folderOf(folder, log), limits, clock, partitions),
    async list() {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
    },
  };
}

function folderOf(folder: string, log: string): string {
  if (!NAME.test(log)) throw new RangeError(`"${log}" is no name of a log`);
  return path.join(folder, log);
}

async function openWriter(
  folder: string,
  limits: SegmentLimits,
  clock: { now(): number },
  wanted: number,
): Promise<EventWriter> {
  await makeFolder(folder);
  const lock = await tryLock(path.join(folder, 'write.lock'), 'Writes the event log');
  if (!lock.taken) {
    const { who, hint } = holderWords(lock.holder);
    throw new EventLogInUseError(`The event log ${path.basename(folder)} is written by ${who}.`, {
      about: 'event log',
      hint,
    });
  }
  try {
    const count = await partitionCount(folder, wanted);
    const names = Array.from({ length: count }, (_, i) => `p${String(i).padStart(4, '0')}`);
    const writers = new Map<string, PartitionWriter>();
    for (const name of names)
      writers.set(name, await PartitionWriter.open(path.join(folder, name), limits, () => clock.now()));
    await syncPath(folder);
    const reader = new FileEventReader(folder, (partition) => writers.get(partition)?.durable);
    const partitionOf = ({ key }: NewEvent) => names[crc32(key) % count]!;
    return {
      partitions: () => reader.partitions(),
      read: (partition, after, most) => reader.read(partition, after, most),
      async append(events) {
        const groups = groupBy(events, partitionOf);
        await Promise.all([...groups].map(([name, own]) => writers.get(name)!.append(own)));
      },
      async truncate(before) {
        for (const writer of writers.values()) await writer.truncate(before);
      },
      async rewrite(change) {
        let changed = 0;
        for (const writer of writers.values()) changed += await writer.rewrite(change);
        return changed;
      },
      async close() {
        try {
          for (const writer of writers.values()) await writer.close();
        } finally {
          await lock.release();
        }
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function groupBy(events: readonly NewEvent[], groupOf: (event: NewEvent) => string): Map<string, NewEvent[]> {
  const groups = new Map<string, NewEvent[]>();
  for (const event of events) {
    const group = groupOf(event);
    const own = groups.get(group);
    if (own) own.push(event);
    else groups.set(group, [event]);
  }
  return groups;
}

/** Keys would change their partition, and lose their order, were it another number than before. */
async function partitionCount(folder: string, wanted: number): Promise<number> {
  const file = path.join(folder, 'partitions');
  const known = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (/^\d+$/.test(known)) return Number(known);
  await writeSynced(file, String(wanted));
  return wanted;
}
