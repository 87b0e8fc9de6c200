import { pipeline, type Readable } from 'node:stream';
import type { CatalogDataset } from '../campus/campus.ts';
import type { StoredObject } from '../platform/ports/objects.ts';
import type { Lake } from '../step.ts';
import { type FetchedFile, listFetched, recordFetched } from './fetched-files.ts';
import { GzipCheck } from './gzip-check.ts';
import { ParquetCheck } from './parquet-check.ts';
import { fileKey, rawPrefix } from './raw-layout.ts';
import type { LmsCompleteJob, LmsFile } from './source.ts';

/**
 * Brings the files of a complete job into the raw zone exactly as delivered, several at once. Files of the same
 * job that are there already stay; whatever else lies in the load's folder (of a job that was given up) goes.
 * @returns every file of the job, in the job's order
 */
export async function fetchFiles(
  lake: Lake,
  dataset: CatalogDataset,
  job: LmsCompleteJob,
  load: string,
  format: string,
): Promise<StoredObject[]> {
  const { ledger, objects } = lake.platform;
  const prefix = rawPrefix(dataset, load);
  const kept = await keepFetched(lake, dataset, job, prefix);
  const files = new Map(kept.map((k) => [k.index, k.file]));
  const places = new Map(job.objects.map((id, index) => [id, index]));
  const progress = new Progress(lake, dataset.id);
  for (const { file } of kept) progress.set(file.key, file.bytes);

  const read = async (arriving: LmsFile) => {
    const index = places.get(arriving.id)!;
    const key = fileKey(prefix, index, format, arriving.name);
    let bytes = 0;
    const file = await objects.put(key, checked(arriving, `File ${index + 1} of ${dataset.id}`), {
      signal: lake.signal,
      onBytes: (more) => {
        bytes += more;
        progress.set(key, bytes);
      },
    });
    await recordFetched(ledger, dataset.id, { job: job.id, index, file });
    files.set(index, file);
  };
  const missing = job.objects.filter((_, index) => !files.has(index));
  await lake.lms(dataset.source).files({ ...job, objects: missing }, read, { signal: lake.signal });
  progress.tell();
  return job.objects.map((_, index) => files.get(index)!);
}

/** The files that an earlier attempt fetched of this very job, and that still lie there whole. */
async function keepFetched(
  lake: Lake,
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
  const keep = new Set(kept.map((record) => record.file.key));
  const others = (await objects.list(prefix)).filter((key) => !keep.has(key));
  if (others.length > 0) await objects.delete(others);
  return kept;
}

/** The body with a check of its inner wholeness on the way; the bytes are not changed. */
function checked(file: LmsFile, what: string): Readable {
  // The reader sees the error; this callback only keeps it from being raised a second time.
  const ignore = () => {};
  if (file.name.endsWith('.gz')) return pipeline(file.body, new GzipCheck(what), ignore);
  if (file.name.endsWith('.parquet')) return pipeline(file.body, new ParquetCheck(what), ignore);
  return file.body;
}

/** Tells the bytes of a dataset every few megabytes; a file that is fetched again counts from its beginning. */
class Progress {
  readonly #lake: Pick<Lake, 'report'>;
  readonly #dataset: string;
  readonly #files = new Map<string, number>();
  #bytes = 0;
  #told = 0;

  constructor(lake: Pick<Lake, 'report'>, dataset: string) {
    this.#lake = lake;
    this.#dataset = dataset;
  }

  set(file: string, bytes: number): void {
    this.#bytes += bytes - (this.#files.get(file) ?? 0);
    this.#files.set(file, bytes);
    if (Math.abs(this.#bytes - this.#told) >= 4 << 20) this.tell();
  }

  tell(): void {
    this.#told = this.#bytes;
    this.#lake.report.progress(this.#dataset, { bytes: this.#bytes });
  }
}
