import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { OpsRow, OpsTable, SealedRows, Tidied } from '../../ports/ledger.ts';
import type { TableColumn } from '../../ports/tables.ts';
import { makeFolder, PRIVATE_FILE, syncPath } from './files/durable.ts';
import { waitForLock } from './files/file-lock.ts';
import { Grouped } from './files/grouped.ts';
import { factsFile, type OpsLayout, readLayout, recentFile, segmentName } from './ledger/ops-layout.ts';
import { rowLines } from './ledger/row-lines.ts';

const NEWLINE = 0x0a;

export interface SealingOptions {
  /** Newest rows are sealed once they are more. Default: 4 MB, which take some milliseconds to read. */
  readonly sealBytes?: number;
  /** Segments are joined until they hold so many rows. Default: 250,000, which are joined within seconds. */
  readonly segmentRows?: number;
}

/** Stamps of runs (`runStamp`) before which rows may go, or may be kept for SQL alone. Default: never. */
export interface RowAges {
  readonly forget?: string | undefined;
  readonly cool?: string | undefined;
}

/**
 * The append-only rows of one table: the newest as JSON Lines, older ones in Parquet segments (see `OpsLayout`). A row
 * counts once its line break is on the disk: what a killed writer has left behind the last line break is no row, and
 * the next writer cuts it off. A line that is no row, as a failing disk leaves one, is passed over.
 */
export class RowFile {
  readonly #ledger: string;
  readonly #ops: string;
  readonly #table: OpsTable;
  readonly #columns: readonly TableColumn[];
  readonly #sealBytes: number;
  readonly #segmentRows: number;
  readonly #appends: Grouped<string, void>;

  constructor(
    ledger: string,
    { table, columns }: { readonly table: OpsTable; readonly columns: readonly TableColumn[] },
    { sealBytes = 4_000_000, segmentRows = 250_000 }: SealingOptions = {},
  ) {
    this.#ledger = ledger;
    this.#ops = path.join(ledger, 'ops');
    this.#table = table;
    this.#columns = columns;
    this.#sealBytes = sealBytes;
    this.#segmentRows = segmentRows;
    this.#appends = new Grouped((group) => this.#append(group));
  }

  async append(rows: readonly OpsRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#appends.add(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }

  async rows(idPrefix = ''): Promise<OpsRow[]> {
    const byId = new Map<string, OpsRow>();
    const { segments, recent } = await this.#steadily(async (layout) => ({
      segments: layout.segments,
      recent: await recentRows(layout.recent, idPrefix),
    }));
    if (segments.length > 0) {
      const { readSegments } = await import('./ledger/segments.ts');
      for await (const row of readSegments(this.#ledger, segments, idPrefix)) byId.set(row.id, row);
    }
    for (const row of recent) byId.set(row.id, row);
    return [...byId.values()];
  }

  /** What lies in Parquet, and the newest rows. */
  async sealed(): Promise<SealedRows> {
    return this.#steadily(async ({ segments, recent }) => {
      const { factsOf } = await import('./ledger/segments.ts');
      const parts = await Promise.all(
        segments.map(async (segment) => ({ path: segment.file, ...(await factsOf(segment)) })),
      );
      return {
        parts,
        recent: [...new Map((await recentRows(recent, '')).map((row) => [row.id, row])).values()],
      };
    });
  }

  /**
   * Seals the newest rows once they are many, but for those of the run that is under way, joins small segments, and
   * drops segments whose rows are all of before `forget`. Of segments whose rows are all of before `cool` only the columns
   * stay, for SQL.
   */
  async tidy(run: string, { forget, cool }: RowAges = {}): Promise<Tidied> {
    const layout = await readLayout(this.#ops, this.#table);
    const { size } = await stat(layout.recent).catch(() => ({ size: 0 }));
    if (size === 0 || size < this.#sealBytes) return { damaged: 0 };
    const release = await waitForLock(this.#lockFile, 'seals rows');
    try {
      const damaged = await this.#seal(await readLayout(this.#ops, this.#table), run);
      await this.#join();
      if (forget !== undefined) await this.#forget(forget);
      if (cool !== undefined) await this.#cool(cool);
      for (const file of (await readLayout(this.#ops, this.#table)).outdated) await rm(file, { force: true });
      return { damaged };
    } finally {
      await release();
    }
  }

  get #lockFile(): string {
    return `${recentFile(this.#ops, this.#table, 0)}.lock`;
  }

  /** Reads what a layout names. Where sealing has overtaken the reader, it reads by the new layout. */
  async #steadily<T>(read: (layout: OpsLayout) => Promise<T>): Promise<T> {
    for (;;) {
      const layout = await readLayout(this.#ops, this.#table);
      const found = await read(layout);
      const now = await readLayout(this.#ops, this.#table);
      if (now.generation === layout.generation && now.segments.length === layout.segments.length)
        return found;
    }
  }

  /** @returns how many lines were no rows */
  async #seal(layout: OpsLayout, run: string): Promise<number> {
    const next = recentFile(this.#ops, this.#table, layout.generation + 1);
    await makeFolder(path.dirname(next));
    let damaged = 0;
    const kept = await open(next, 'w', PRIVATE_FILE);
    try {
      const sealing = async function* (): AsyncGenerator<OpsRow> {
        for await (const found of rowLines(layout.recent)) {
          if ('damaged' in found) damaged++;
          else if (found.row.id.startsWith(run)) await kept.appendFile(`${found.line.toString('utf8')}\n`);
          else yield found.row;
        }
      };
      const { writeSegment } = await import('./ledger/segments.ts');
      // The rows that stay are on the disk before the segment's name makes their new file the one that counts.
      const before = () => kept.datasync();
      const target = path.join(path.dirname(next), segmentName(layout.generation, layout.generation));
      await writeSegment(this.#ledger, this.#columns, sealing(), target, before);
    } finally {
      await kept.close();
    }
    return damaged;
  }

  /** Joins the last segments as long as the one before is not much greater: so a row is written again seldom. */
  async #join(): Promise<void> {
    const { factsOf, mergeSegments } = await import('./ledger/segments.ts');
    const { segments } = await readLayout(this.#ops, this.#table);
    const facts = await Promise.all(segments.map(factsOf));
    let from = segments.length - 1;
    for (let sum = facts[from]?.rows ?? 0; from > 0; from--) {
      const { rows: before, isCold } = facts[from - 1]!;
      if (isCold || before > 2 * sum || before + sum > this.#segmentRows) break;
      sum += before;
    }
    const parts = segments.slice(from);
    if (parts.length < 2) return;
    const target = path.join(this.#ops, this.#table, segmentName(parts[0]!.first, parts.at(-1)!.last));
    await mergeSegments(this.#ledger, parts, target);
  }

  async #cool(before: string): Promise<void> {
    const { coolSegment, factsOf } = await import('./ledger/segments.ts');
    const { segments } = await readLayout(this.#ops, this.#table);
    for (const segment of segments) {
      const { to, isCold } = await factsOf(segment);
      if (to >= before) return;
      if (!isCold) await coolSegment(this.#ledger, segment);
    }
  }

  /** The last segment stays: by it the file that takes new rows is known. */
  async #forget(before: string): Promise<void> {
    const { factsOf } = await import('./ledger/segments.ts');
    const { segments } = await readLayout(this.#ops, this.#table);
    for (const segment of segments.slice(0, -1)) {
      if ((await factsOf(segment)).to >= before) return;
      await rm(segment.file, { force: true });
      await rm(factsFile(segment.file), { force: true });
    }
  }

  async #append(texts: readonly string[]): Promise<PromiseSettledResult<void>[]> {
    await makeFolder(this.#ops);
    const release = await waitForLock(this.#lockFile, 'appends rows');
    try {
      const { recent } = await readLayout(this.#ops, this.#table);
      const handle = await open(recent, 'a+', PRIVATE_FILE);
      try {
        const { size } = await handle.stat();
        const whole = await endOfLastLine(handle, size);
        if (whole < size) await handle.truncate(whole);
        await handle.appendFile(texts.join(''));
        await handle.datasync();
        if (size === 0) await syncPath(path.dirname(recent));
      } finally {
        await handle.close();
      }
    } finally {
      await release();
    }
    return texts.map(() => ({ status: 'fulfilled', value: undefined }));
  }
}

async function recentRows(file: string, idPrefix: string): Promise<OpsRow[]> {
  const rows: OpsRow[] = [];
  for await (const found of rowLines(file, idPrefix)) if ('row' in found) rows.push(found.row);
  return rows;
}

/** The number of bytes up to and with the last line break. */
async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const block = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await handle.read(block, 0, end - start, start);
    const at = block.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}
