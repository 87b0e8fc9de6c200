import { createHash } from 'node:crypto';
import { constants, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { LakeError } from '../../errors.ts';
import { LedgerUnusableError } from '../../ports/errors.ts';
import type { LedgerFault, LedgerHealth, LedgerStore } from '../../ports/ledger.ts';
import { type DocumentKind, encodeDocument, parseDocument } from '../../state/document.ts';
import { fieldsOf, instant, maybeText, text } from '../../state/parts.ts';
import { systemError } from '../../system-error.ts';
import { PRIVATE_FILE, writeSynced } from './files/durable.ts';

/** What the system says when it refuses a file of the ledger, as an error about the ledger. */
function inWords(error: unknown): unknown {
  if (error instanceof LakeError) return error;
  const known = systemError(error);
  if (!known) return error;
  const { code, hint, retryable } = known;
  return new LedgerUnusableError(`The ledger cannot be used: ${known.message}`, {
    code: `ledger-${code}`,
    about: 'ledger',
    cause: error,
    hint,
    retryable,
  });
}

/** The same ledger, whose methods say in words when the disk refuses. */
export function wordedLedger(ledger: LedgerStore): LedgerStore {
  const worded =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      try {
        return await work(...args);
      } catch (error) {
        throw inWords(error);
      }
    };
  return {
    ...ledger,
    read: worded(ledger.read) as LedgerStore['read'],
    list: worded(ledger.list) as LedgerStore['list'],
    damaged: worded(ledger.damaged),
    write: worded(ledger.write) as LedgerStore['write'],
    delete: worded(ledger.delete),
    append: worded(ledger.append),
    rows: worded(ledger.rows),
    ...(ledger.sealed ? { sealed: worded(ledger.sealed) } : {}),
    tidy: worded(ledger.tidy),
    lock: worded(async (owner: string) => {
      const { release } = await ledger.lock(owner);
      return { release: worded(release) };
    }),
  };
}

const LEDGER_FAULT: DocumentKind = {
  what: 'note on the ledger',
  migrations: [],
  schema: fieldsOf<LedgerFault>({ at: instant, run: maybeText, message: text, hint: text }),
};

/** More than what a file system keeps in the entry of a folder itself: it takes a block of the disk. */
const PROBE = 'x'.repeat(8192);

/**
 * Whether the ledger in a folder can be written, and what was the matter when it could not: that is kept in the
 * system's folder for temporary files, which is mostly another file system than a full or broken one.
 */
export function localHealth(folder: string): LedgerHealth {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const note = path.join(os.tmpdir(), `campus-lake-${process.getuid?.() ?? 0}-${name}.json`);
  return {
    async probe() {
      const file = path.join(folder, `.probe-${process.pid}`);
      try {
        await writeSynced(file, PROBE);
      } catch (error) {
        // No ledger yet; or somebody who may only read, for whom nothing is wrong.
        if (['ENOENT', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
        throw inWords(error);
      } finally {
        await rm(file, { force: true }).catch(() => undefined);
      }
    },
    async note(fault) {
      await rm(note, { force: true });
      // Anybody may write there: never through a link, and never into a file that somebody else has put.
      const handle = await open(note, 'wx', PRIVATE_FILE);
      await handle
        .writeFile(JSON.stringify(encodeDocument(LEDGER_FAULT, fault)))
        .finally(() => handle.close());
    },
    async noted() {
      const handle = await open(note, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
      if (!handle) return undefined;
      try {
        if (process.getuid && (await handle.stat()).uid !== process.getuid()) return undefined;
        return parseDocument<LedgerFault>(LEDGER_FAULT, await handle.readFile('utf8'), note);
      } catch {
        return undefined;
      } finally {
        await handle.close();
      }
    },
    forget: () => rm(note, { force: true }),
  };
}
