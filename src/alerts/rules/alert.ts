import type { Axis, CampusCalendar } from '../evaluate/axis.ts';
import type { Expr } from '../language/expr.ts';

/** An alert of alerts.yaml, ready to be evaluated. */
export interface Alert {
  readonly name: string;
  readonly description: string;
  /** As it was written: a sentence, or a program. */
  readonly written: string;
  /** What it means in the stack language. */
  readonly program: string;
  readonly expr: Expr;
  /** How its series are called. Default: by their tags. */
  readonly legend?: string;
  readonly axis: Axis;
  /** Steps for which it has to hold after the first. */
  readonly for: number;
  readonly keepsAbsent: boolean;
  readonly severity: 'info' | 'warning' | 'error';
  readonly role: string;
  readonly owner?: string;
  /** `alerts.yaml:12` */
  readonly place: string;
}

export interface Alerts {
  readonly alerts: readonly Alert[];
  readonly calendar: CampusCalendar;
}
