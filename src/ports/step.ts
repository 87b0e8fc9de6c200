import type { Campus, Catalog } from '../campus/campus.ts';
import type { Json } from '../json.ts';
import type { Feature } from './feature.ts';
import type { LmsSource } from './lms-source.ts';
import type { Platform } from './platform.ts';
import type { Session } from './session.ts';

/** What a step reaches the world through. */
export interface Lake {
  readonly campus: Campus;
  readonly catalog: Catalog;
  readonly platform: Platform;
  /** As whom it reads. */
  readonly session: Session;
  /** What is installed on top of the journey of the data. Default: nothing. */
  readonly features?: readonly Feature[];
  /** The LMS named in `campus.yaml`, opened once in a process. */
  lms(source: string): LmsSource;
  /** Progress and remarks for whoever watches; never data. */
  readonly report: Report;
  readonly signal: AbortSignal;
}

export interface Report {
  /** A remark worth a line: a retry, a new snapshot, a changed schema. `about` is a dataset or a model. */
  note(about: string, text: string): void;
  /** Bytes or rows done so far of one dataset. */
  progress(about: string, done: { bytes?: number; rows?: number; text?: string }): void;
}

/** One unit of the pipeline: JSON in, JSON out, safe to repeat. */
export interface Step<In extends Json = Json, Out extends Json = Json> {
  readonly name: string;
  run(input: In, lake: Lake): Promise<Out>;
}

/** What a waiting step answers until it is done. */
export interface NotYet {
  [key: string]: Json;
  readonly done: false;
  readonly retryAfterSeconds: number;
}
