import { pipeline, type Readable, Transform } from 'node:stream';
import type { CatalogDataset } from '../campus/campus.ts';
import type { RawFile } from '../loads/load.ts';
import type { LmsCompleteJob, LmsFile } from '../ports/lms-source.ts';
import type { Uses } from '../ports/step.ts';
import { CorruptFileError, OtherAnswerError } from './errors.ts';
import { type FetchedFile, listFetched, recordFetched } from './fetched-files.ts';
import { type FileKind, kindOf } from './file-kind.ts';
import { GzipCheck } from './gzip-check.ts';
import { ParquetCheck } from './parquet-check.ts';
import { fileKey, rawPrefix } from './raw-layout.ts';
import { repairedCopy } from './repaired-copy.ts';
import { TextScan } from './text-scan.ts';

/**
 * Brings the files of a complete job into the raw zone exactly as delivered, several at once; where one cannot be read
 * as it is, a readable copy of it lies next to it. Files of the same job that are there already stay; whatever else
 * lies in the load's folder (of a job that was given up) goes.
 * @returns every file of the job, in the job's order
 */
export async function fetchFiles(
  lake: Uses<'report' | 'signal' | 'lms' | 'objects' | 'ledger'>,
  dataset: CatalogDataset,
  job: LmsCompleteJob,
  load: string,
  format: 'jsonl' | 'parquet',
): Promise<RawFile[]> {
  const { ledger, objects } = lake.platform;
  const prefix = rawPrefix(dataset, load);
  const ids = [...new Set(job.objects)];
  if (ids.length < job.objects.length) {
    const twice = job.objects.length - ids.length;
    lake.report.note(dataset.id, `its job ${job.id} names ${twice} of its files twice; each is loaded once`);
  }
  const kept = await keepFetched(lake, dataset, job, prefix);
  const files = new Map(kept.map((k) => [k.index, k.file]));
  const places = new Map(ids.map((id, index) => [id, index]));
  const progress = new Progress(lake, dataset.id);
  for (const { file } of kept) progress.set(file.key, file.bytes);

  const read = async (arriving: LmsFile) => {
    const index = places.get(arriving.id)!;
    const what = `File ${index + 1} of ${ids.length} of ${dataset.id} (job ${job.id})`;
    const kind = await kindOf(arriving.body);
    refuseKind(what, format, kind);
    const key = fileKey(prefix, index, format, kind === 'gzip');
    const checked = check(arriving.body, what, format, kind);
    let bytes = 0;
    const delivered = await objects.put(key, checked.body, {
      signal: lake.signal,
      onBytes: (more) => {
        bytes += more;
        progress.set(key, bytes);
      },
    });
    const readable = checked.isReadable() ? delivered : await repairedCopy(objects, delivered, lake.signal);
    const file: RawFile = checked.isEmpty() ? { ...readable, empty: true } : readable;
    await recordFetched(ledger, dataset.id, { job: job.id, index, file });
    files.set(index, file);
  };
  const missing = ids.filter((_, index) => !files.has(index));
  await lake.lms(dataset.source).files({ ...job, objects: missing }, read, { signal: lake.signal });
  progress.tell();
  return ids.map((_, index) => files.get(index)!);
}

/** The files that an earlier attempt fetched of this very job, and that still lie there whole. */
async function keepFetched(
  lake: Uses<'objects' | 'ledger'>,
  dataset: CatalogDataset,
  job: LmsCompleteJob,
  prefix: string,
): Promise<FetchedFile[]> {
  const { ledger, objects } = lake.platform;
  const kept: FetchedFile[] = [];
  for (const record of await listFetched(ledger, dataset.id)) {
    const here = record.job === job.id && record.file.key.startsWith(prefix);
    const found = here ? await objects.head(record.file.key) : undefined;
    if (found?.bytes === record.file.bytes) kept.push(record);
  }
  const keep = new Set(kept.flatMap(({ file }) => [file.key, file.delivered?.key]));
  const others = (await objects.list(prefix)).filter((key) => !keep.has(key));
  if (others.length > 0) await objects.delete(others);
  return kept;
}

/** @throws CorruptFileError for a file without bytes; OtherAnswerError for one of another format */
function refuseKind(what: string, format: 'jsonl' | 'parquet', kind: FileKind): void {
  if (kind === 'empty') {
    throw new CorruptFileError(`${what} is empty: not even a file without rows has no bytes`, {
      hint: 'Continue the run later; if it stays, give the job to the support of the source',
    });
  }
  if ((format === 'parquet') === (kind === 'parquet')) return;
  const found = { gzip: 'a gzip file', text: 'text', parquet: 'a Parquet file' }[kind];
  throw new OtherAnswerError(`${what} is ${found}, and ${format} was asked for`, {
    hint: 'Continue the run later; if it stays, give the job to the support of the source',
  });
}

interface Checked {
  readonly body: Readable;
  /** Whether engines can read it as it is; known once the body has ended. */
  isReadable(): boolean;
  /** Whether it is a text without a byte, once unpacked; known then, too. */
  isEmpty(): boolean;
}

/** The body with a check of its inner wholeness on the way; the bytes are not changed. */
function check(body: Readable, what: string, format: 'jsonl' | 'parquet', kind: FileKind): Checked {
  // The reader sees the error; this callback only keeps it from being raised a second time.
  const ignore = () => {};
  if (format === 'parquet') {
    return {
      body: pipeline(body, new ParquetCheck(what), ignore),
      isReadable: () => true,
      isEmpty: () => false,
    };
  }
  const scan = new TextScan();
  const isEmpty = () => scan.bytes === 0;
  const isSound = () => {
    scan.end();
    return !scan.suspicious;
  };
  if (kind === 'gzip') {
    const gzip = new GzipCheck(what, scan.look);
    const isReadable = () => isSound() && gzip.padding === 0;
    return { body: pipeline(body, gzip, ignore), isReadable, isEmpty };
  }
  const looking = new Transform({
    transform(piece: Buffer, _encoding, done) {
      scan.look(piece);
      done(null, piece);
    },
  });
  return { body: pipeline(body, looking, ignore), isReadable: isSound, isEmpty };
}

/** Tells the bytes of a dataset every few megabytes; a file that is fetched again counts from its beginning. */
class Progress {
  readonly #lake: Uses<'report'>;
  readonly #dataset: string;
  readonly #files = new Map<string, number>();
  #bytes = 0;
  #reported = 0;

  constructor(lake: Uses<'report'>, dataset: string) {
    this.#lake = lake;
    this.#dataset = dataset;
  }

  set(file: string, bytes: number): void {
    this.#bytes += bytes - (this.#files.get(file) ?? 0);
    this.#files.set(file, bytes);
    if (Math.abs(this.#bytes - this.#reported) >= 4 << 20) this.tell();
  }

  tell(): void {
    this.#reported = this.#bytes;
    this.#lake.report.progress(this.#dataset, { bytes: this.#bytes });
  }
}
