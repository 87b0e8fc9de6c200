import type { Change } from '../college/college.ts';
import { writeFile } from './file-writer.ts';
import type { WriteOptions } from './formats/format.ts';
import type { Job, JobFile } from './job.ts';

export interface ResultFileOptions {
  readonly rowsPerFile: number;
  /** 1 to 9. */
  readonly gzipLevel: number;
  /** See `cellOf`. */
  readonly opens: number;
  readonly tickMs: number;
}

/**
 * Writes a result into files, row by row: of a result of any size only its files are held. One without rows still
 * has one, empty file.
 */
export async function resultFiles(
  job: Job,
  changes: Iterable<Change>,
  { rowsPerFile, gzipLevel, opens, tickMs }: ResultFileOptions,
): Promise<readonly JobFile[]> {
  const { format, mode, since } = job.request;
  const options: WriteOptions = {
    table: job.schema,
    withAction: since !== undefined,
    mode,
    opens,
    tickMs,
    line: job.spoil?.line,
  };
  const extension = format === 'parquet' ? 'parquet' : `${format}.gz`;
  const make = async (part: string, rows: RowsOfFile): Promise<JobFile> => {
    const bytes = await writeFile(format, rows, options, gzipLevel);
    return { name: `part-${part}.${extension}`, rows: rows.given, bytes };
  };

  const source = changes[Symbol.iterator]();
  const files: JobFile[] = [];
  for (let next = source.next(); files.length === 0 || !next.done; ) {
    const rows = new RowsOfFile(source, next, rowsPerFile);
    files.push(await make(String(files.length).padStart(5, '0'), rows));
    next = rows.next;
  }
  if (!job.spoil?.files) return files;
  const none = [][Symbol.iterator]();
  return job.spoil.files(files, await make('empty', new RowsOfFile(none, none.next(), 0)));
}

/** The next rows of a source, as many as one file takes. */
class RowsOfFile implements Iterable<Change> {
  /** Rows given so far. */
  given = 0;
  /** What the source has given after them. */
  next: IteratorResult<Change>;
  readonly #source: Iterator<Change>;
  readonly #limit: number;

  constructor(source: Iterator<Change>, next: IteratorResult<Change>, limit: number) {
    this.#source = source;
    this.next = next;
    this.#limit = limit;
  }

  *[Symbol.iterator](): Iterator<Change> {
    while (!this.next.done && this.given < this.#limit) {
      this.given += 1;
      yield this.next.value;
      this.next = this.#source.next();
    }
  }
}
