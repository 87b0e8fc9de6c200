import type { Reach } from '../errors.ts';

/**
 * `step-failed`: a step of the run did not succeed. `source-down`: one that concerns all of a source. `load-late`: a
 * table is older than it should be. `check-failed`, `rows-differ`: what its checks and its reconciliation found.
 * `schema-drift`: its columns changed at the source. `volume-anomaly`: a load of unusual size. `promise`: a service
 * level is at risk. `clock`: the lake's time, or that of a source, is wrong. `disk`, `slot`: storage, and the replication slot of a database.
 */
export type SignalKind =
  | 'step-failed'
  | 'source-down'
  | 'load-late'
  | 'check-failed'
  | 'rows-differ'
  | 'schema-drift'
  | 'volume-anomaly'
  | 'promise'
  | 'clock'
  | 'disk'
  | 'slot';

/** One thing that steps, sources, checks or engines have reported. Names, codes and counts; never a value of a row. */
export type Signal = {
  /** Begins with the run's id, unique. */
  readonly id: string;
  readonly run: string;
  readonly kind: SignalKind;
  /** The table (`canvas.users`, `campus.students`); empty where it is of the run or a source as a whole. */
  readonly about: string;
  /** The source, by its name in campus.yaml; empty where it is of none. */
  readonly source: string;
  /** What exactly: the code of a failure, a check's kind, a change of a column. */
  readonly code: string;
  readonly reach: Reach;
  /** The step that reported it; empty where none did. */
  readonly step: string;
  /** When it began, ISO 8601 UTC. */
  readonly at: string;
  /** `info`: worth knowing, and never an incident by itself. */
  readonly severity: 'info' | 'warning' | 'error';
  readonly retryable: boolean;
  readonly message: string;
  /** What to do next; empty where nobody said. */
  readonly hint: string;
  /** What was measured, and what was expected, where those are numbers. */
  readonly observed?: number;
  readonly expected?: number;
};

/** What of a signal need not be said. */
type Given = Pick<Signal, 'run' | 'kind' | 'about' | 'source' | 'code' | 'at' | 'severity' | 'message'> &
  Partial<Signal>;

/** @param part makes its id unique among those of one kind, table and code. Default: nothing is needed */
export const signal = (given: Given, part = ''): Signal => ({
  reach: 'item',
  step: '',
  retryable: false,
  hint: '',
  ...given,
  id: [
    given.run,
    given.kind,
    given.about || given.source || 'lake',
    given.code,
    ...(part ? [part] : []),
  ].join('/'),
});
