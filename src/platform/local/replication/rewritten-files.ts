import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { z } from 'zod';
import type { ReplicatedTable } from '../../../ports/replication.ts';
import { type DocumentKind, encodeDocument, parseDocument } from '../../../state/document.ts';
import { fieldsOf, text } from '../../../state/parts.ts';
import { makeFolder, syncPath, writeSynced } from '../files/durable.ts';
import { pathOf } from '../object-keys.ts';

/** Files whose size, sum and rows are no longer those that a record of a copy or of captured changes has. */
const REWRITTEN: DocumentKind = {
  what: 'list of rewritten files',
  migrations: [],
  schema: fieldsOf<{ files: string[] }>({ files: z.array(text) }),
  whenDamaged: 'Delete it, and `lake reload` the tables of the SIS.',
};

/** What is true of one file of a SIS, as the file says itself. */
export interface FileAsItIs {
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
}

/**
 * Remembers which files of a SIS were written again before the lake took them, as by an erasure, and says what is true
 * of them now. A file is noted before it is rewritten: one that is then not rewritten says of itself what it said before.
 */
export class RewrittenFiles {
  readonly #root: string;
  readonly #folder: string;

  /** @param root of the object store @param folder that of the replicator */
  constructor(root: string, folder: string) {
    this.#root = root;
    this.#folder = folder;
  }

  async note(key: string): Promise<void> {
    const before = await this.#read();
    if (before.has(key)) return;
    await makeFolder(this.#folder);
    const draft = path.join(this.#folder, `.${randomUUID()}`);
    const files = [...before, key].sort();
    await writeSynced(draft, JSON.stringify(encodeDocument(REWRITTEN, { files })));
    await rename(draft, this.#file);
    await syncPath(this.#folder);
  }

  /** What the record has of these files, with that of the rewritten ones as they are now. */
  async asTheyAre<File extends { readonly key: string }>(
    files: readonly File[],
  ): Promise<(File & Partial<FileAsItIs>)[]> {
    const rewritten = await this.#read();
    return Promise.all(
      files.map(async (file) =>
        rewritten.has(file.key) ? { ...file, ...(await this.#factsOf(file.key)) } : file,
      ),
    );
  }

  /** The same of what was copied of tables: their rows are counted again, and the source's own count is not theirs. */
  async tablesAsTheyAre(tables: readonly ReplicatedTable[]): Promise<ReplicatedTable[]> {
    const rewritten = await this.#read();
    return Promise.all(
      tables.map(async (table) => {
        const { files = [], increment, keySum: _counted, ...rest } = table;
        if (!files.some(({ key }) => rewritten.has(key))) return table;
        const now = await Promise.all(
          files.map(async (file) => ({ ...file, ...(await this.#factsOf(file.key)) })),
        );
        // Behind a copy lie its first changes: they are no rows of it.
        const counted = increment ? now : now.filter(({ key }) => /\/LOAD\w+\.parquet$/.test(key));
        return {
          ...rest,
          ...(increment ? { increment } : {}),
          files: now.map(({ rows: _rows, ...file }) => file),
          rows: counted.reduce((sum, { rows }) => sum + rows, 0),
        };
      }),
    );
  }

  async #factsOf(key: string): Promise<FileAsItIs> {
    const file = pathOf(this.#root, key);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    const { num_rows: rows } = await parquetMetadataAsync(await asyncBufferFromFile(file));
    return { bytes, sha256: hash.digest('hex'), rows: Number(rows) };
  }

  async #read(): Promise<Set<string>> {
    const stored = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return new Set(
      stored === undefined ? [] : parseDocument<{ files: string[] }>(REWRITTEN, stored, this.#file).files,
    );
  }

  get #file(): string {
    return path.join(this.#folder, 'rewritten-files.json');
  }
}
