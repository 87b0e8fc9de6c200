import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import PQueue from 'p-queue';
import type { Json } from '../../json.ts';
import { DamagedRecordError, LedgerConflictError, LedgerDamagedError } from '../../ports/errors.ts';
import type { Versioned } from '../../ports/ledger.ts';
import { decodeRecord, encodeRecord } from '../../state/records.ts';
import { makeFolder, syncPath, writeSynced } from './files/durable.ts';
import { waitForLock } from './files/file-lock.ts';
import { Grouped } from './files/grouped.ts';
import { KnownFiles } from './files/known-files.ts';

type Change =
  | { readonly key: string; readonly value: Json; readonly expected: number | undefined }
  | { readonly key: string; readonly remove: true };

const UNFINISHED = '.unfinished';
/** Open files are few on some systems. */
const FILES_AT_ONCE = 32;

/**
 * State records, one JSON file each, in one folder. Writers of all processes take turns by a lock; in its turn a
 * process writes everything that waits: files first, forced to the disk, then renamed into place, then the folder
 * forced once for all of them. So a record is old or new, never half, and many loads committed at once cost little
 * more than one. Readers need no lock.
 */
export class StateRecords {
  readonly #folder: string;
  readonly #lock: string;
  readonly #changes: Grouped<Change, number>;
  readonly #known = new KnownFiles<Versioned<Json>>();
  #ready: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = path.join(folder, 'state');
    this.#lock = path.join(folder, 'state.lock');
    this.#changes = new Grouped((group) => this.#takeTurn(group));
  }

  async read<T extends Json>(key: string): Promise<Versioned<T> | undefined> {
    return this.#readFile<T>(key);
  }

  async list<T extends Json>(prefix: string): Promise<(Versioned<T> & { key: string })[]> {
    const names = await readdir(this.#folder).catch(emptyWhereMissing);
    const keys = names.flatMap((name) => keyOf(name) ?? []).filter((key) => key.startsWith(prefix));
    return keys.sort().flatMap((key) => {
      const record = this.#intact<T>(key);
      return record ? [{ key, ...record }] : [];
    });
  }

  async damaged(prefix: string): Promise<string[]> {
    const names = await readdir(this.#folder).catch(emptyWhereMissing);
    const keys = names.flatMap((name) => keyOf(name) ?? []).filter((key) => key.startsWith(prefix));
    return keys.sort().filter((key) => this.#intact(key) === undefined && existsSync(this.#fileOf(key)));
  }

  /** undefined for a record that is damaged, too: one must not stand in the way of all. */
  #intact<T extends Json>(key: string): Versioned<T> | undefined {
    try {
      return this.#readFile<T>(key);
    } catch (error) {
      if (error instanceof LedgerDamagedError) return undefined;
      throw error;
    }
  }

  #fileOf(key: string): string {
    return path.join(this.#folder, fileNameOf(key));
  }

  write(key: string, value: Json, expected: number | undefined): Promise<number> {
    return this.#changes.add({ key, value: encodeRecord(key, value), expected });
  }

  async delete(key: string): Promise<void> {
    await this.#changes.add({ key, remove: true });
  }

  /** At once: a record is a few hundred bytes, and the way through the thread pool and back costs many times the read. */
  #readFile<T extends Json>(key: string): Versioned<T> | undefined {
    const file = this.#fileOf(key);
    try {
      return this.#known.read(file, (text) => {
        const record = parsed(text);
        if (!record) throw new DamagedRecordError(key, file);
        return { value: decodeRecord<T>(key, record.value, file), version: record.version };
      }) as Versioned<T> | undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EIO') throw new DamagedRecordError(key, file, error);
      throw error;
    }
  }

  async #takeTurn(group: readonly Change[]): Promise<PromiseSettledResult<number>[]> {
    this.#ready ??= makeFolder(this.#folder);
    await this.#ready;
    const release = await waitForLock(this.#lock, 'writes state records');
    try {
      return await this.#apply(group);
    } finally {
      await release();
    }
  }

  /** Decides each change in order, as if it came alone, and then writes what results. */
  async #apply(group: readonly Change[]): Promise<PromiseSettledResult<number>[]> {
    const current = new Map<string, Versioned<Json> | undefined>();
    const changed = new Set<string>();
    const results: PromiseSettledResult<number>[] = [];
    for (const change of group) {
      const { key } = change;
      if (!current.has(key)) current.set(key, this.#intact<Json>(key));
      const before = current.get(key);
      if ('remove' in change) {
        current.set(key, undefined);
        changed.add(key);
        results.push({ status: 'fulfilled', value: 0 });
      } else if (before?.version !== change.expected) {
        results.push({ status: 'rejected', reason: conflict(key, change.expected, before?.version) });
      } else {
        // Counting starts at the time, so that a record removed and made again is not taken for the old one.
        const version = before ? before.version + 1 : Date.now();
        current.set(key, { value: change.value, version });
        changed.add(key);
        results.push({ status: 'fulfilled', value: version });
      }
    }
    await this.#store([...changed].map((key) => [fileNameOf(key), current.get(key)] as const));
    return results;
  }

  async #store(records: readonly (readonly [string, Versioned<Json> | undefined])[]): Promise<void> {
    if (records.length === 0) return;
    const place = (name: string) => path.join(this.#folder, name);
    const writing = new PQueue({ concurrency: FILES_AT_ONCE });
    await writing.addAll(
      records.map(([name, record]) => async () => {
        if (record) await writeSynced(place(name + UNFINISHED), JSON.stringify(record));
      }),
    );
    for (const [name, record] of records) {
      if (record) await rename(place(name + UNFINISHED), place(name));
      else await rm(place(name), { force: true });
    }
    await syncPath(this.#folder);
  }
}

function parsed(text: string): Versioned<Json> | undefined {
  try {
    const record = JSON.parse(text) as Partial<Versioned<Json>> | null;
    return record?.value === undefined || !Number.isInteger(record.version)
      ? undefined
      : (record as Versioned<Json>);
  } catch {
    return undefined;
  }
}

function fileNameOf(key: string): string {
  return `${encodeURIComponent(key)}.json`;
}

/** undefined for files that are no records: what a killed writer has left, and is overwritten some day. */
function keyOf(name: string): string | undefined {
  return name.endsWith('.json') ? decodeURIComponent(name.slice(0, -'.json'.length)) : undefined;
}

function conflict(key: string, expected: number | undefined, found: number | undefined): LedgerConflictError {
  const was = (version: number | undefined) => (version === undefined ? 'none' : `version ${version}`);
  return new LedgerConflictError(
    `The state record ${key} was changed by somebody else: expected ${was(expected)}, found ${was(found)}`,
    { about: key, hint: 'Another run works on the same lake. Wait until it has ended, and run again.' },
  );
}

function emptyWhereMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
