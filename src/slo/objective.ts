import type Fraction from 'fraction.js';

/** A promise about tables or runs, over a window of time. Exact: fractions are never rounded before they are compared. */
export interface Objective {
  /** Unique among the objectives of the campus. */
  readonly name: string;
  readonly description?: string;
  readonly owner?: string;
  readonly indicator: Indicator;
  /** The part of all units that has to be good: above 0, below 1. */
  readonly target: Fraction;
  readonly window: Window;
  readonly budgeting: Budgeting;
  readonly alerts: readonly BurnAlert[];
  /** Where it is written: `slo.yaml:12`. */
  readonly place: string;
}

/** What is measured. Every kind is computed from the rows of the ledger, for any moment in the past. */
export type Indicator =
  /** A minute is good if no reader could find one of the tables older than `atMostMs` in it. */
  | { readonly kind: 'age'; readonly tables: readonly string[]; readonly atMostMs: number }
  /** A day is good if at its deadline every table was at most `atMostMs` old. */
  | {
      readonly kind: 'deadline';
      readonly tables: readonly string[];
      /** `07:00` */
      readonly at: string;
      /** Days of the week, 1 for Monday to 7 for Sunday. */
      readonly days: readonly number[];
      readonly atMostMs: number;
      /** Default: the time zone of the campus. */
      readonly zone?: string;
    }
  /** A run is good if it succeeded. */
  | { readonly kind: 'runs' }
  /** A check is good if it passed; of these tables, or of all. */
  | { readonly kind: 'checks'; readonly tables: readonly string[] }
  /** Several together: it burns as fast as they do on the average of their weights. */
  | { readonly kind: 'composite'; readonly parts: readonly Part[] };

export interface Part {
  readonly indicator: Indicator;
  readonly target: Fraction;
  readonly budgeting: Budgeting;
  readonly weight: Fraction;
}

export type Window =
  | { readonly kind: 'rolling'; readonly ms: number }
  /** The current week, month, quarter or year by the calendar of a zone; a week begins on Monday. */
  | { readonly kind: 'calendar'; readonly unit: CalendarUnit; readonly zone: string };

export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/**
 * How units count. `occurrences`: each minute, day, run or check once. `timeslices`: the window is cut into slices,
 * and a slice is good if the good part of its units is at least `target`. `ratio-timeslices`: the average of the
 * slices' good parts. Slices begin at multiples of their length since 1970.
 * Source: https://github.com/OpenSLO/OpenSLO (SLO, budgetingMethod)
 */
export type Budgeting =
  | { readonly method: 'occurrences' }
  | { readonly method: 'timeslices'; readonly sliceMs: number; readonly target: Fraction }
  | { readonly method: 'ratio-timeslices'; readonly sliceMs: number };

/** Fires while the budget burns faster than `threshold` in each of the windows. */
export interface BurnAlert {
  readonly name: string;
  readonly severity: 'page' | 'ticket';
  /** Budget that burns so fast is used up in the objective's window divided by this. */
  readonly threshold: Fraction;
  /** Whether a rate that equals the threshold fires too. Default: false */
  readonly inclusive?: boolean;
  /** All of them, the longest first. */
  readonly windowsMs: readonly number[];
  /** How long it has to burn so fast before it fires. Default: 0 */
  readonly forMs?: number;
  readonly place?: string;
}
