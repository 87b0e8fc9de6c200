import type { Json } from '../../json.ts';
import type { Change } from '../college/college.ts';
import type { JobRequest } from './job-request.ts';
import type { DapTable } from './schema/dap-types.ts';
import type { ServedTable } from './served-tables.ts';

/** A part of a job's result: one file. */
export interface JobFile {
  readonly name: string;
  readonly rows: number;
  readonly bytes: readonly Uint8Array[];
}

/** What a fault makes of a job's result. */
export interface Spoiling {
  readonly rows?: (changes: Iterable<Change>) => Iterable<Change>;
  /** @param empty a file without rows, which may be put among them */
  readonly files?: (files: readonly JobFile[], empty: JobFile) => readonly JobFile[];
  /** Of JSON Lines: what becomes of a record. */
  readonly line?: (line: string, place: number) => string | Uint8Array;
}

export interface Job {
  readonly id: string;
  readonly served: ServedTable;
  readonly request: JobRequest;
  readonly schema: DapTable;
  readonly schemaVersion: number;
  readonly startedAt: number;
  /** What it says of the instant of a snapshot, or of the end of an increment. */
  readonly upTo: number;
  /** The last instant of whose commits it has. */
  readonly last: number;
  expiresAt: number;
  pollsLeft: number;
  doneAt: number;
  /** What its answer says otherwise than it should: fields by name, undefined for one that is missing. */
  says?: { readonly [field: string]: Json | undefined };
  /** Set: the job ends, or has ended, with this error. */
  failure?: Json;
  spoil?: Spoiling;
  /** Its files, once they are made. */
  files?: readonly JobFile[];
  /** Set while they are being made. */
  making?: Promise<void>;
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

const SEEN_AGAIN_AFTER = 7;

/** Logs are delivered at least once: about one row in 400 comes twice, further on in the result. */
export function* twiceDelivered(changes: Iterable<Change>): Iterable<Change> {
  const lately: Change[] = [];
  for (const change of changes) {
    yield change;
    const earlier = lately.length === SEEN_AGAIN_AFTER ? lately.shift() : undefined;
    if (earlier && earlier.at % 397 === 0) yield earlier;
    lately.push(change);
  }
}
