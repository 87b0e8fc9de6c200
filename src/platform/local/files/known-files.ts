import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import { deepFreeze } from './deep-freeze.ts';

/**
 * A file that was changed this recently may be changed again within the same tick of the clock by which the file system
 * dates it, so its date tells nothing yet. The coarsest of these clocks ticks every 10 ms.
 */
const UNSETTLED_MS = 50;

/**
 * What small files hold, parsed once for as long as they stay the same. A file is the same while its inode, size and
 * times are: files that are replaced by a rename, by any process, are seen at the next read. Parsed values are frozen,
 * because all readers share them.
 */
export class KnownFiles<T extends object> {
  readonly #files = new Map<string, { readonly mark: string; readonly value: T }>();

  /**
   * Reads at once: a way through the thread pool and back costs many times the read of a small file.
   * @returns undefined where there is no such file
   * @throws what `parse` throws; such a file is parsed again each time
   */
  read(file: string, parse: (text: string) => T): T | undefined {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (!found) {
      this.#files.delete(file);
      return undefined;
    }
    const mark = `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
    const known = this.#files.get(file);
    if (known?.mark === mark) return known.value;
    this.#files.delete(file);
    const text = readIfThere(file);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (isSettled(found)) this.#files.set(file, { mark, value: deepFreeze(value) });
    return value;
  }
}

const isSettled = ({ ctimeMs, mtimeMs }: BigIntStats): boolean =>
  Date.now() - Number(ctimeMs > mtimeMs ? ctimeMs : mtimeMs) > UNSETTLED_MS;

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
