import { randomUUID } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { CommitTimes } from '../../../../ports/replication.ts';
import { type DocumentKind, encodeDocument, parseDocument } from '../../../../state/document.ts';
import { count, fieldsOf, text, word } from '../../../../state/parts.ts';
import { makeFolder, syncPath, writeSynced } from '../../files/durable.ts';

/**
 * What is kept of the changes of a SIS. Written in one piece: a file of changes is in it from the moment at which the
 * position is behind these changes.
 */
export interface CaptureRecord {
  readonly source: string;
  readonly slot: string;
  /** `host:port/database`: a slot is the server's on which it was made. */
  readonly server: string;
  readonly publication: string;
  /** The lake made the publication, and keeps its list of tables. */
  readonly ownsPublication: boolean;
  /** Up to where the log was read, as `lsnText`. Absent: the slot may not have been made. */
  readonly position?: string;
  /** By `schema.table` at the source. */
  readonly tables: { readonly [table: string]: FollowedTable };
}

export interface FollowedTable {
  /** The load whose copy the changes follow. */
  readonly generation: string;
  /** Digest of the columns at the source and of what the mappings make of them. */
  readonly shape: string;
  /** Files that the lake has not said to have taken, oldest first. */
  readonly files: readonly ChangeFile[];
  /** The newest file that it has taken. Absent: none. */
  readonly taken?: string;
}

export interface ChangeFile {
  /** `20211123-013830913.parquet`, as DMS names them. */
  readonly name: string;
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
  /** How many values of which columns are left empty in it because no type of the lake holds them. */
  readonly setAside?: { readonly [column: string]: number };
  /** When its changes were committed. Default: nobody has counted. */
  readonly commits?: CommitTimes;
}

const CAPTURE_RECORD: DocumentKind = {
  what: 'record of captured changes',
  migrations: [],
  schema: fieldsOf<CaptureRecord>({
    source: word,
    slot: word,
    server: text,
    publication: word,
    ownsPublication: z.boolean(),
    position: text.optional(),
    tables: z.record(
      z.string(),
      fieldsOf<FollowedTable>({
        generation: word,
        shape: word,
        files: z.array(
          fieldsOf<ChangeFile>({
            name: word,
            key: text,
            bytes: count,
            sha256: text,
            rows: count,
            setAside: z.record(z.string(), z.number()).optional(),
            commits: z.array(z.tuple([z.number(), z.number()])).optional(),
          }),
        ),
        taken: text.optional(),
      }),
    ),
  }),
  whenDamaged: 'Delete it: the next run copies these tables whole and captures their changes from then on.',
};

/** The records of one lake, a file for each source. */
export class CaptureRecords {
  readonly #folder: string;

  /** @param folder that of the replicator */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws DamagedDocumentError */
  async read(source: string): Promise<CaptureRecord | undefined> {
    const file = this.#file(source);
    const stored = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return stored === undefined ? undefined : parseDocument<CaptureRecord>(CAPTURE_RECORD, stored, file);
  }

  async write(record: CaptureRecord): Promise<CaptureRecord> {
    await makeFolder(this.#folder);
    const draft = path.join(this.#folder, `.${randomUUID()}`);
    await writeSynced(draft, JSON.stringify(encodeDocument(CAPTURE_RECORD, record)));
    await rename(draft, this.#file(record.source));
    await syncPath(this.#folder);
    return record;
  }

  async forget(source: string): Promise<void> {
    await rm(this.#file(source), { force: true });
    await syncPath(this.#folder);
  }

  #file = (source: string): string => path.join(this.#folder, `changes-${encodeURIComponent(source)}.json`);
}
