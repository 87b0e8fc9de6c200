import type { Json } from '../../json.ts';
import type { Change } from '../college/college.ts';
import type { Format } from './formats/format.ts';
import type { JobRequest } from './job-request.ts';
import type { DapTable } from './schema/dap-types.ts';
import type { ServedTable } from './served-tables.ts';

/** A part of a job's result: one file. */
export interface JobFile {
  readonly name: string;
  readonly changes: readonly Change[];
}

export interface Job {
  readonly id: string;
  readonly served: ServedTable;
  readonly request: JobRequest;
  readonly schema: DapTable;
  readonly schemaVersion: number;
  readonly startedAt: number;
  /** The instant of a snapshot, or the end of an increment. */
  readonly upTo: number;
  expiresAt: number;
  pollsLeft: number;
  doneAt: number;
  /** Set: the job ends, or has ended, with this error. */
  failure?: Json;
  /** What a fault makes of the rows. */
  spoil?: (files: JobFile[]) => JobFile[];
  files?: JobFile[];
}

export function objectId(job: Job, file: JobFile): string {
  return `${job.id}/${file.name}`;
}

export function sameRequest(a: JobRequest, b: JobRequest): boolean {
  return a.format === b.format && a.mode === b.mode && a.since === b.since && a.until === b.until;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Logs are delivered at least once: about one row in 400 comes twice, further on in the result. */
export function twiceDelivered(changes: readonly Change[]): Change[] {
  return changes.flatMap((change, i) => {
    const earlier = changes[i - 7];
    return earlier && earlier.at % 397 === 0 ? [change, earlier] : [change];
  });
}

/** Cuts a result into files; one without rows still has one, empty file. */
export function splitIntoFiles(changes: readonly Change[], format: Format, rowsPerFile: number): JobFile[] {
  const count = Math.max(1, Math.ceil(changes.length / rowsPerFile));
  const extension = format === 'parquet' ? 'parquet' : `${format}.gz`;
  return Array.from({ length: count }, (_, i) => ({
    name: `part-${String(i).padStart(5, '0')}.${extension}`,
    changes: changes.slice(i * rowsPerFile, (i + 1) * rowsPerFile),
  }));
}
