import { type FileHandle, open, readdir, rename, rm, truncate, utimes } from 'node:fs/promises';
import path from 'node:path';
import { failureOf } from '../../../failure.ts';
import { EventLogUnusableError } from '../../../ports/errors.ts';
import type { LoggedEvent, NewEvent } from '../../../ports/event-log.ts';
import { makeFolder, PRIVATE_FILE, syncPath } from '../files/durable.ts';
import { checkSize, encodeFrame } from './frame.ts';
import { framesOf, MAGIC, positionOf, segmentFile, segmentsOf, wholeBytes } from './segment.ts';

export interface SegmentLimits {
  /** A segment that has so many bytes is closed. */
  readonly bytes: number;
  /** One that is so old is closed at the next append, ms. */
  readonly ageMs: number;
}

/** A segment that is being rewritten. */
const DRAFT = '.rewritten';

interface Waiting {
  readonly events: readonly NewEvent[];
  resolve(): void;
  reject(error: unknown): void;
}

interface Active {
  readonly segment: number;
  readonly handle: FileHandle;
  readonly openedAt: number;
  /** The next event's number. */
  number: number;
  /** Bytes that are on the disk. */
  durable: number;
}

/**
 * The segments of one partition and the one that is written. All that waits for the disk goes with one write and one
 * `fdatasync`. A write that fails is cut off again, and the next one gets a segment of its own: what the system says
 * after a failed `fdatasync` about the same pages is not to be believed.
 */
export class PartitionWriter {
  readonly #folder: string;
  readonly #limits: SegmentLimits;
  readonly #now: () => number;
  #active: Active | undefined;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  #nextSegment: number;
  /** What was not acknowledged is still in the newest segment: only the next process can cut it off. */
  #isBroken = false;

  private constructor(folder: string, limits: SegmentLimits, now: () => number, nextSegment: number) {
    this.#folder = folder;
    this.#limits = limits;
    this.#now = now;
    this.#nextSegment = nextSegment;
  }

  /** Cuts off what a killed writer has not acknowledged. No position of it is given again: the next segment begins. */
  static async open(folder: string, limits: SegmentLimits, now: () => number): Promise<PartitionWriter> {
    await makeFolder(folder);
    for (const name of await readdir(folder))
      if (name.endsWith(DRAFT)) await rm(path.join(folder, name), { force: true });
    const last = (await segmentsOf(folder)).at(-1);
    if (last !== undefined) {
      const file = segmentFile(folder, last);
      const { bytes, size } = await wholeBytes(file);
      if (bytes < size || bytes === 0) await cutTo(file, bytes);
      else await syncPath(file);
    }
    return new PartitionWriter(folder, limits, now, (last ?? 0) + 1);
  }

  get durable(): { segment: number; bytes: number } | undefined {
    return this.#active && { segment: this.#active.segment, bytes: this.#active.durable };
  }

  /** @throws RangeError for an event of more than 16 MB */
  append(events: readonly NewEvent[]): Promise<void> {
    for (const event of events) checkSize(event);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Does work while nothing is appended. What is appended meanwhile waits. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.#working) await this.#working;
    const done = work();
    this.#working = done.then(
      () => this.#work(),
      () => this.#work(),
    );
    return done;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(group.flatMap(({ events }) => events));
        for (const { resolve } of group) resolve();
      } catch (error) {
        await this.#giveUpSegment();
        for (const { reject } of group) reject(unusable(error));
      }
    }
    // In the same turn as the look at what waits: an append either is seen by it or begins again.
    this.#working = undefined;
  }

  async #write(events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    if (this.#isBroken) throw new Error('what was written last could not be cut off');
    const active = await this.#openSegment();
    const at = this.#now();
    const frames = events.map((event, i) => encodeFrame(active.number + i, at, event));
    const bytes = Buffer.concat(frames);
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await active.handle.write(bytes, written, undefined, active.durable + written);
      written += bytesWritten;
    }
    await active.handle.datasync();
    active.durable += bytes.length;
    active.number += events.length;
  }

  async #openSegment(): Promise<Active> {
    const { bytes, ageMs } = this.#limits;
    const now = this.#now();
    if (this.#active && this.#active.durable < bytes && Math.abs(now - this.#active.openedAt) < ageMs)
      return this.#active;
    await this.#seal();
    const segment = this.#nextSegment;
    this.#nextSegment += 1;
    const handle = await open(segmentFile(this.#folder, segment), 'wx', PRIVATE_FILE);
    try {
      await handle.write(MAGIC, 0, MAGIC.length, 0);
      await handle.datasync();
      await syncPath(this.#folder);
    } catch (error) {
      await handle.close();
      await rm(segmentFile(this.#folder, segment), { force: true });
      throw error;
    }
    this.#active = { segment, handle, openedAt: now, number: 0, durable: MAGIC.length };
    return this.#active;
  }

  async #seal(): Promise<void> {
    const active = this.#active;
    this.#active = undefined;
    await active?.handle.close();
  }

  async #giveUpSegment(): Promise<void> {
    const active = this.#active;
    this.#active = undefined;
    if (!active) return;
    await active.handle.truncate(active.durable).catch(() => {
      this.#isBroken = true;
    });
    await active.handle.datasync().catch(() => undefined);
    await active.handle.close().catch(() => undefined);
  }

  /** The newest segment stays, so that no number is given twice. */
  async truncate(before: number): Promise<void> {
    await this.#alone(async () => {
      const segments = await segmentsOf(this.#folder);
      // A clock that was ahead for a while says nothing of when: such a segment goes with the one after it.
      let isNextOld = false;
      for (const segment of segments.slice(0, -1).reverse()) {
        const file = segmentFile(this.#folder, segment);
        const age = await ageOf(file, before, this.#now());
        isNextOld = age === 'not known' ? isNextOld : age === 'old';
        if (isNextOld) await rm(file, { force: true });
      }
      await syncPath(this.#folder);
    });
  }

  async rewrite(change: (event: LoggedEvent) => string | undefined): Promise<number> {
    return this.#alone(async () => {
      await this.#seal();
      let changed = 0;
      for (const segment of await segmentsOf(this.#folder))
        changed += await rewriteSegment(this.#folder, segment, change);
      await syncPath(this.#folder);
      return changed;
    });
  }

  async close(): Promise<void> {
    await this.#alone(() => this.#seal());
    while (this.#working) await this.#working;
  }
}

async function rewriteSegment(
  folder: string,
  segment: number,
  change: (event: LoggedEvent) => string | undefined,
): Promise<number> {
  const file = segmentFile(folder, segment);
  const draft = file + DRAFT;
  const from = await open(file, 'r');
  try {
    let changed = 0;
    for await (const { number, key, value, at } of framesOf(from))
      if (change({ position: positionOf({ segment, number }), key, value, at }) !== value) changed += 1;
    if (changed === 0) return 0;
    const to = await open(draft, 'w', PRIVATE_FILE);
    try {
      await to.appendFile(MAGIC);
      for await (const { number, key, value, at } of framesOf(from)) {
        const left = change({ position: positionOf({ segment, number }), key, value, at });
        if (left !== undefined) await to.appendFile(encodeFrame(number, at, { key, value: left }));
      }
      await to.datasync();
    } finally {
      await to.close();
    }
    const { atime, mtime } = await from.stat();
    await utimes(draft, atime, mtime);
    await rename(draft, file);
    return changed;
  } finally {
    await from.close();
    await rm(draft, { force: true });
  }
}

/** Whether all events of a segment were appended before an instant; not known where only times to come speak against it. */
async function ageOf(file: string, before: number, now: number): Promise<'old' | 'young' | 'not known'> {
  const handle = await open(file, 'r');
  try {
    let age: 'old' | 'not known' = 'old';
    for await (const { at } of framesOf(handle)) {
      if (at < before) continue;
      if (at <= now) return 'young';
      age = 'not known';
    }
    return age;
  } finally {
    await handle.close();
  }
}

async function cutTo(file: string, bytes: number): Promise<void> {
  if (bytes > 0) await truncate(file, bytes);
  else {
    const handle = await open(file, 'r+');
    await handle.truncate(0);
    await handle.write(MAGIC, 0, MAGIC.length, 0);
    await handle.close();
  }
  await syncPath(file);
  await syncPath(path.dirname(file));
}

function unusable(error: unknown): EventLogUnusableError {
  const { message, hint } = failureOf(error);
  return new EventLogUnusableError(`Events cannot be appended to the log: ${message}`, {
    about: 'event log',
    cause: error,
    hint: hint || 'Make room on the disk of the lake, or see why it cannot be written.',
  });
}
