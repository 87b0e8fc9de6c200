import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import type { Cell, ResultColumn } from '../../ports/query-engine.ts';
import type { Remark } from '../../ports/remark.ts';
import { shownCell, toJson } from './cell-text.ts';
import type { QueryAnswer } from './query-lake.ts';

/** Rows of an answer that are kept for scrolling. An export has all of them. */
export const MOST_ROWS = 2_000_000;

/** Rows of one block of the file. */
const BLOCK = 2048;

/** Results that are kept at once; the longest unused goes. */
const KEPT = 6;

/** How long a result is kept that nobody asks for, and how long a statement runs on that nobody asks after. */
const UNUSED_MS = 30 * 60_000;
const UNATTENDED_MS = 20_000;

/** How far an answer has been read. */
export interface KeptAnswer {
  readonly id: string;
  readonly columns: readonly ResultColumn[];
  /** Rows so far. */
  readonly rows: number;
  readonly isDone: boolean;
  /** Whether there are more rows than are kept. */
  readonly isCut: boolean;
  readonly seconds: number;
  readonly remarks: readonly Remark[];
}

/** Rows of an answer, as they are shown: numbers that JSON would round are texts. */
export interface AnswerPage {
  readonly from: number;
  readonly rows: readonly (readonly Cell[])[];
}

/** Asks a question. @param signal aborted when nobody wants the answer any more */
export type Ask = (signal: AbortSignal) => Promise<QueryAnswer>;

/**
 * Answers to questions, kept in a file each so that a page can scroll in a million rows: a statement runs once, and any
 * range of its rows is read back. The files lie in a folder that only their owner can read, and go with `close`.
 */
export class QueryPages {
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;
  #folder: Promise<string> | undefined;
  #opened = 0;

  /** @param now epoch ms */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Begins a statement, and waits for its first rows.
   * @param ask is called at once
   * @param stopped aborted where whoever asked has gone before the first row
   * @throws what `ask` throws
   */
  async start(ask: Ask, stopped?: AbortSignal): Promise<KeptAnswer> {
    this.#forgetUnused();
    const id = randomBytes(16).toString('hex');
    this.#folder ??= mkdtemp(join(tmpdir(), 'lake-answers-'));
    const folder = await this.#folder;
    const kept = new Kept(join(folder, String(++this.#opened)), this.#now);
    const cancel = () => kept.cancel();
    stopped?.addEventListener('abort', cancel, { once: true });
    try {
      stopped?.throwIfAborted();
      await kept.begin(ask);
    } catch (error) {
      await kept.remove();
      throw error;
    } finally {
      stopped?.removeEventListener('abort', cancel);
    }
    this.#kept.set(id, kept);
    for (const [old] of [...this.#kept].slice(0, Math.max(0, this.#kept.size - KEPT))) await this.forget(old);
    return kept.told(id);
  }

  /** How far it is. @throws InputError where it is kept no more; what the statement has failed with */
  look(id: string): KeptAnswer {
    const kept = this.#of(id);
    if (kept.error !== undefined) throw kept.error;
    return kept.told(id);
  }

  /** Rows from a place on, counted from 0. @throws as `look` does */
  async page(id: string, from: number, count: number): Promise<AnswerPage> {
    const kept = this.#of(id);
    if (kept.error !== undefined) throw kept.error;
    return { from, rows: await kept.read(from, Math.min(count, BLOCK)) };
  }

  /** Stops the statement where it still runs, and removes its rows. */
  async forget(id: string): Promise<void> {
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    await kept?.remove();
  }

  /** Stops and removes all. */
  async close(): Promise<void> {
    await Promise.all([...this.#kept.keys()].map((id) => this.forget(id)));
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  #of(id: string): Kept {
    const kept = this.#kept.get(id);
    if (!kept)
      throw new InputError('This answer is kept no more.', {
        hint: 'run the statement again',
        code: 'answer-gone',
      });
    kept.usedAt = this.#now();
    // The one used last is the last to go.
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    return kept;
  }

  #forgetUnused(): void {
    const now = this.#now();
    for (const [id, { usedAt, isDone }] of this.#kept)
      if (now - usedAt > (isDone ? UNUSED_MS : UNATTENDED_MS)) void this.forget(id);
  }
}

/** One answer and its file: a line of JSON for each block of rows. */
class Kept {
  readonly #path: string;
  readonly #now: () => number;
  readonly #stop = new AbortController();
  /** Where each block begins in the file; the last entry is its end. */
  readonly #blocks: number[] = [0];
  #file: FileHandle | undefined;
  #answer: QueryAnswer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #rest: Cell[][] = [];
  #written = 0;
  #startedAt = 0;
  #endedAt: number | undefined;
  #isCut = false;
  usedAt: number;
  error: unknown;

  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
    this.usedAt = now();
  }

  get isDone(): boolean {
    return this.#endedAt !== undefined;
  }

  cancel(): void {
    this.#stop.abort(new InputError('The statement was stopped.', { code: 'stopped' }));
  }

  async begin(ask: Ask): Promise<void> {
    this.#startedAt = this.#now();
    this.#answer = await ask(this.#stop.signal);
    this.#file = await open(this.#path, 'w+', 0o600);
    const batches = this.#answer.batches()[Symbol.asyncIterator]();
    const show = this.#answer.columns.map(shownCell);
    const take = async (): Promise<boolean> => {
      const { done, value } = await batches.next();
      if (done) return false;
      for (const row of value) this.#rest.push(row.map((cell, i) => show[i]!(cell)));
      while (this.#rest.length >= BLOCK) await this.#write(BLOCK);
      if (this.#rows < MOST_ROWS) return true;
      this.#isCut = true;
      return false;
    };
    const goesOn = await take();
    this.#writing = this.#readOn(goesOn, take, async () => {
      await batches.return?.();
    });
  }

  async #readOn(goesOn: boolean, take: () => Promise<boolean>, end: () => Promise<void>): Promise<void> {
    try {
      let more = goesOn;
      while (more) {
        if (this.#now() - this.usedAt > UNATTENDED_MS) this.cancel();
        this.#stop.signal.throwIfAborted();
        more = await take();
      }
      await end();
      if (this.#rest.length > 0) await this.#write(this.#rest.length);
    } catch (error) {
      this.error = error;
    } finally {
      this.#endedAt = this.#now();
    }
  }

  get #rows(): number {
    return this.#written + this.#rest.length;
  }

  /** The first rows that are not in the file yet; they can be read from memory until they are. */
  async #write(count: number): Promise<void> {
    const text = Buffer.from(toJson(this.#rest.slice(0, count)));
    const at = this.#blocks.at(-1)!;
    await this.#file!.write(text, 0, text.length, at);
    this.#blocks.push(at + text.length);
    this.#rest.splice(0, count);
    this.#written += count;
  }

  told(id: string): KeptAnswer {
    return {
      id,
      columns: this.#answer!.columns,
      rows: this.isDone ? this.#written : this.#rows,
      isDone: this.isDone,
      isCut: this.#isCut,
      seconds: ((this.#endedAt ?? this.#now()) - this.#startedAt) / 1000,
      remarks: this.#answer!.remarks,
    };
  }

  async read(from: number, count: number): Promise<Cell[][]> {
    const rows: Cell[][] = [];
    const written = this.#written;
    const to = Math.min(from + count, written);
    // The newest rows are not in the file yet.
    const newest = this.#rest.slice(Math.max(0, from - written), Math.max(0, from + count - written));
    for (let block = Math.floor(from / BLOCK); block * BLOCK < to; block++) {
      const [begin, end] = [this.#blocks[block]!, this.#blocks[block + 1]!];
      const text = Buffer.alloc(end - begin);
      await this.#file!.read(text, 0, text.length, begin);
      const all = JSON.parse(text.toString()) as Cell[][];
      const first = block * BLOCK;
      rows.push(...all.slice(Math.max(0, from - first), to - first));
    }
    return [...rows, ...(JSON.parse(toJson(newest)) as Cell[][])];
  }

  async remove(): Promise<void> {
    this.cancel();
    await this.#writing;
    await this.#file?.close();
    await rm(this.#path, { force: true });
  }
}
