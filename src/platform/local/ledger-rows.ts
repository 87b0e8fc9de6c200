import { type FileHandle, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { LedgerDamagedError } from '../errors.ts';
import type { OpsRow } from '../ports/ledger.ts';
import { makeFolder, PRIVATE_FILE, syncPath } from './files/durable.ts';
import { waitForLock } from './files/file-lock.ts';
import { Grouped } from './files/grouped.ts';

const NEWLINE = 0x0a;

/**
 * The append-only rows of one table, as JSON Lines. A row counts once its line break is on the disk: what a killed
 * writer has left behind the last line break is no row, and the next writer cuts it off.
 */
export class RowFile {
  readonly #file: string;
  readonly #appends: Grouped<string, void>;

  constructor(folder: string, table: string) {
    this.#file = path.join(folder, 'ops', `${table}.jsonl`);
    this.#appends = new Grouped((group) => this.#append(group));
  }

  async append(rows: readonly OpsRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#appends.add(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }

  async rows(idPrefix = ''): Promise<OpsRow[]> {
    const text = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const lines = text.split('\n');
    lines.pop(); // What follows the last line break is no row (yet).
    const byId = new Map<string, OpsRow>();
    lines.forEach((line, index) => {
      const row = this.#parse(line, index + 1);
      if (row.id.startsWith(idPrefix)) byId.set(row.id, row);
    });
    return [...byId.values()];
  }

  #parse(line: string, number: number): OpsRow {
    try {
      return JSON.parse(line) as OpsRow;
    } catch (cause) {
      throw new LedgerDamagedError(`Line ${number} of ${this.#file} is not valid JSON`, {
        cause,
        hint: 'It was changed from outside, or the disk failed: mend or remove that line.',
      });
    }
  }

  async #append(texts: readonly string[]): Promise<PromiseSettledResult<void>[]> {
    await makeFolder(path.dirname(this.#file));
    const release = await waitForLock(`${this.#file}.lock`, 'appends rows');
    try {
      const handle = await open(this.#file, 'a+', PRIVATE_FILE);
      try {
        const { size } = await handle.stat();
        const whole = await endOfLastLine(handle, size);
        if (whole < size) await handle.truncate(whole);
        await handle.appendFile(texts.join(''));
        await handle.datasync();
        if (size === 0) await syncPath(path.dirname(this.#file));
      } finally {
        await handle.close();
      }
    } finally {
      await release();
    }
    return texts.map(() => ({ status: 'fulfilled', value: undefined }));
  }
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
