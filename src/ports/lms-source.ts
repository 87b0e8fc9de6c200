import type { Readable } from 'node:stream';

/**
 * A learning management system that hands out its tables in bulk. Canvas implements it; a second LMS would too.
 * Times are ISO 8601 UTC in the source's own clock.
 *
 * @example
 * ```ts
 * import type { LmsCompleteJob, LmsSource } from './lms-source.ts';
 *
 * // A snapshot of the users, however long the source takes to prepare it.
 * async function snapshot(lms: LmsSource): Promise<LmsCompleteJob> {
 *   let job = await lms.start({ namespace: 'canvas', table: 'users', format: 'jsonl' });
 *   while (job.status !== 'complete') {
 *     if (job.status === 'failed') throw new Error(job.error.type);
 *     job = await lms.poll(job.id);
 *   }
 *   return job;
 * }
 * ```
 */
export interface LmsSource {
  /** Tables of a namespace, by their names at the source. */
  list(namespace: string): Promise<string[]>;
  schema(table: LmsTable): Promise<LmsSchema>;
  /** Asks for a load. The answer can be complete at once; the same question can return the same job. */
  start(request: LmsRequest): Promise<LmsJob>;
  /** @throws JobExpiredError when the source has forgotten the job */
  poll(job: string): Promise<LmsJob>;
  /**
   * Opens the files of a complete job for reading, several at once, signing and re-signing URLs as needed.
   * `read` is called once for each file; when it fails half-way by a broken connection, it is called again.
   */
  files(
    job: LmsCompleteJob,
    read: (file: LmsFile) => Promise<void>,
    options?: { signal?: AbortSignal },
  ): Promise<void>;
  /** The source's clock now, epoch ms (a server's `Date`, so that a wrong clock here does no harm). */
  now(): number;
}

export interface LmsTable {
  readonly namespace: string;
  readonly table: string;
}

export interface LmsRequest extends LmsTable {
  readonly format: 'jsonl' | 'parquet';
  /** Absent: a snapshot. */
  readonly since?: string;
  /** 9 is served first where a limit makes tables wait. Default: 5. */
  readonly priority?: number;
}

export type LmsJob = LmsRunningJob | LmsCompleteJob | LmsFailedJob;
interface LmsJobBase {
  readonly id: string;
  /** When the source forgets job and files. */
  readonly expiresAt?: string;
}
export interface LmsRunningJob extends LmsJobBase {
  readonly status: 'waiting' | 'running';
}
export interface LmsCompleteJob extends LmsJobBase {
  readonly status: 'complete';
  readonly kind: 'snapshot' | 'increment';
  readonly objects: string[];
  readonly schemaVersion: number;
  readonly since?: string;
  /** When the source began it, where it says so. */
  readonly startedAt?: string;
  /** Snapshot: `at`. Increment: `until`. The next increment starts here. */
  readonly watermark: string;
}
export interface LmsFailedJob extends LmsJobBase {
  readonly status: 'failed';
  readonly error: { readonly type: string; readonly uuid?: string; readonly message: string };
}

export interface LmsFile {
  readonly id: string;
  readonly body: Readable;
  /** Bytes that the source says it sends; undefined where it does not say. */
  readonly bytes?: number;
}

export interface LmsSchema {
  readonly version: number;
  readonly columns: LmsColumn[];
}
export interface LmsColumn {
  readonly name: string;
  readonly section: 'key' | 'value';
  readonly type: import('../campus/lake-type.ts').LakeType;
  readonly nullable: boolean;
  readonly description?: string;
}
