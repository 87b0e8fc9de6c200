import type { FailureGroup } from '../failure-groups.ts';

/**
 * The summary of a run for people. Plain JSON; holds names of datasets and counts, never a person's data.
 * Times are ISO 8601 UTC.
 */
export type RunSummary = {
  readonly run: string;
  /** The college's name. */
  readonly campus: string;
  readonly status: 'succeeded' | 'failed';
  readonly startedAt: string;
  readonly endedAt: string;
  /** How far the sources had been loaded: what the published tables know. Absent where nothing is published. */
  readonly asOf?: string;
  readonly loads: LoadSummary[];
  /** What failed, by cause. */
  readonly failures: FailureGroup[];
  /** How many steps failed. */
  readonly failed: number;
  /** How many checks were run, and how many of them did not pass; what those found is a remark or a failure. */
  readonly checks: { readonly run: number; readonly warned: number; readonly failed: number };
  /** Published tables that are older than the run, and why. */
  readonly stale: StaleSummary[];
  readonly schemaChanges: SchemaChangeSummary[];
  /** What features add to the subject of a good run, such as `31 students may need attention`. Default: nothing. */
  readonly headlines?: string[];
  /** What features say of the run. Default: nothing. */
  readonly lines?: string[];
  /** What is worth a line and no failure: retries, a new snapshot, a procedure left out. */
  readonly remarks: RemarkSummary[];
  /** Whether the run has published; otherwise people go on seeing what they saw. */
  readonly published: boolean;
  /** Tables in the publication. */
  readonly tables: number;
};

/** Tables that are old for one reason. */
export type StaleSummary = {
  /** Datasets of one source, or one model. */
  readonly tables: string[];
  /** How far their rows are known. Absent: they were never loaded. */
  readonly asOf?: string;
  /** In words, such as `its load failed`. */
  readonly why: string;
  /** Who answers for them. */
  readonly owners: string[];
  /** The models that read them, through other models too. */
  readonly readers: string[];
};

export type LoadSummary = {
  readonly dataset: string;
  readonly kind: 'snapshot' | 'increment';
  readonly rows: number;
  readonly bytes: number;
};

type SchemaChangeSummary = {
  readonly dataset: string;
  /** In words, e.g. `column terms.sort_order added`. */
  readonly change: string;
};

type RemarkSummary = {
  readonly about: string;
  readonly text: string;
};
