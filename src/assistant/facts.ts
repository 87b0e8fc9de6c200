/**
 * What analysers look at: rows of the ledger as the asker's role may read them. Instants are ISO 8601 UTC; `id` is that
 * of the row, by which anybody finds it again: `SELECT * FROM ops.loads WHERE id = '…'`.
 */
export interface Facts {
  /** The time that is asked about: everything that came later is left out. */
  readonly at: string;
  /** Whether that is now: what is known of tables is how they are now. */
  readonly isNow: boolean;
  /** How far back the rows reach. */
  readonly from: string;
  /** Of tables that the asker may know of, by `database.table`. */
  readonly tables: ReadonlyMap<string, TableFact>;
  /** In the order of time, as are the others. */
  readonly runs: readonly RunFact[];
  readonly incidents: readonly IncidentFact[];
  readonly failures: readonly FailureFact[];
  readonly loads: readonly LoadFact[];
  /** Those that did not pass. */
  readonly checks: readonly CheckFact[];
  readonly changes: readonly ChangeFact[];
  readonly jobs: readonly JobFact[];
  readonly levels: readonly LevelFact[];
  /** Tables of the ledger that the role may not read, or that could not be read: `ops.loads`. */
  readonly unread: readonly string[];
  /** When a run begins every day, in the campus's zone: `02:30`. */
  readonly schedule: { readonly at: string; readonly zone: string };
}

export interface TableFact {
  readonly table: string;
  /** By its name in campus.yaml; empty of a table that the lake makes. */
  readonly source: string;
  /** The tables that it is made of, one step up. */
  readonly reads: readonly string[];
  readonly status: 'healthy' | 'degraded' | 'stale' | 'missing' | 'off';
  /** Why it is so, in the lake's words. */
  readonly reason?: string;
  readonly since?: string;
  readonly asOf?: string;
  readonly nextExpected?: string;
  readonly owner?: string;
}

export interface RunFact {
  readonly id: string;
  readonly status: 'running' | 'succeeded' | 'failed' | 'unfinished';
  readonly startedAt: string;
  readonly endedAt?: string;
}

export interface IncidentFact {
  readonly id: string;
  /** The id of the rule that found it. */
  readonly cause: string;
  readonly title: string;
  readonly scope: { readonly kind: 'lake' | 'source' | 'table'; readonly name: string };
  readonly state: string;
  readonly confidence: number;
  readonly alternatives: readonly { readonly cause: string; readonly confidence: number }[];
  readonly openedAt: string;
  readonly lastSeenAt: string;
  readonly lastSeenIn: string;
  readonly resolvedAt?: string;
  readonly tables: readonly string[];
  readonly affected: readonly string[];
  readonly assignee: string;
  /** Markdown, as is `action`. */
  readonly why: string;
  readonly action: string;
  readonly repairs: readonly string[];
  /** Rows of `ops.signals`. */
  readonly signals: readonly SignalFact[];
  readonly tried: readonly AttemptFact[];
}

export interface SignalFact {
  readonly id: string;
  readonly about: string;
  readonly source: string;
  readonly code: string;
  readonly at: string;
  readonly message: string;
}

export interface AttemptFact {
  readonly id: string;
  readonly repair: string;
  readonly state: string;
  readonly at: string;
  readonly text: string;
}

/** A failed step. */
export interface FailureFact {
  readonly id: string;
  readonly run: string;
  readonly step: string;
  /** The dataset or model; empty for the run as a whole. */
  readonly item: string;
  readonly source: string;
  readonly code: string;
  readonly reach: 'item' | 'source' | 'lake';
  readonly at: string;
  readonly message: string;
}

export interface LoadFact {
  readonly id: string;
  readonly run: string;
  readonly dataset: string;
  readonly kind: string;
  readonly rows?: number;
  /** How far its source knew of everything. */
  readonly watermark?: string;
  readonly startedAt?: string;
  readonly committedAt: string;
}

export interface CheckFact {
  readonly id: string;
  readonly run: string;
  readonly table: string;
  readonly check: string;
  readonly status: string;
  readonly severity: string;
  readonly failing: number;
  readonly at: string;
}

export interface ChangeFact {
  readonly id: string;
  readonly run: string;
  readonly dataset: string;
  readonly column: string;
  readonly change: string;
  readonly at: string;
}

/** One piece of work of a run: `stage canvas.users`, `build-model students`. */
export interface JobFact {
  readonly id: string;
  readonly run: string;
  readonly job: string;
  readonly startedAt: string;
  readonly ranMs: number;
  readonly queuedMs: number;
  readonly rowsIn?: number;
  readonly rowsOut?: number;
}

/** An objective at the end of a run. */
export interface LevelFact {
  readonly id: string;
  readonly run: string;
  readonly objective: string;
  readonly firing: number;
  readonly at: string;
}
