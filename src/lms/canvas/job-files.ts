import { setMaxListeners } from 'node:events';
import type { AxiosInstance } from 'axios';
import type PQueue from 'p-queue';
import type { LmsFile } from '../../ports/lms-source.ts';
import { download } from './download.ts';
import type { RetryOptions } from './http.ts';
import { ObjectUrls, type ObjectUrlsParts } from './object-urls.ts';

export interface JobFiles extends ObjectUrlsParts {
  readonly http: AxiosInstance;
  /** Shared by all tables of the source: so many files are fetched at once. */
  readonly queue: PQueue;
  readonly priority: number;
  readonly retry: RetryOptions;
  /** For messages: the table. */
  readonly subject: string;
  readonly read: (file: LmsFile) => Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * Fetches every file of a job. The first one that fails for good ends the others; nothing is under way any more
 * when this rejects.
 */
export async function fetchJobFiles(parts: JobFiles): Promise<void> {
  const { ids, queue, priority, subject } = parts;
  const failed = new AbortController();
  const given = [parts.signal, parts.retry.signal].filter((s) => s !== undefined);
  const signal = manyMayListen(AbortSignal.any([failed.signal, ...given]));
  const urls = new ObjectUrls(parts);
  const fetchOne = async (id: string, index: number) => {
    signal.throwIfAborted();
    const what = `file ${index + 1} of ${ids.length} of ${subject}`;
    await download({ ...parts, urls, id, what, signal });
  };
  let first: { error: unknown } | undefined;
  await Promise.all(
    ids.map((id, index) =>
      queue
        .add(() => fetchOne(id, index), { priority })
        .catch((error: unknown) => {
          first ??= { error };
          failed.abort(error);
        }),
    ),
  );
  if (first) throw first.error;
}

/** Every waiting call and every file listens; that is no leak. */
export function manyMayListen(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}
