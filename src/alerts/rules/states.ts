import { type AlertPhase, type AlertState, nextPhase } from '../../alert-phase.ts';
import { seriesKey } from '../evaluate/series.ts';
import type { Verdict } from '../evaluate/stream.ts';
import { isTrue } from '../language/arithmetic.ts';
import type { Tags } from '../language/query.ts';
import type { Alert } from './alert.ts';

/** How an alert stands for one of its series. */
export interface SeriesState {
  readonly tags: Tags;
  readonly state: AlertState;
  /** When the step ended in which it came into this phase, epoch ms. */
  readonly since: number;
}

/** A change from one phase to another. */
export interface PhaseChange {
  readonly alert: Alert;
  readonly tags: Tags;
  readonly from: AlertPhase;
  readonly to: AlertPhase;
  /** When the step ended, epoch ms. */
  readonly at: number;
}

/** A series of which nothing was heard for so many steps is forgotten, whatever it was. */
const FORGOTTEN_AFTER = 60;

interface Kept {
  tags: Tags;
  state: AlertState;
  since: number;
  /** The step in which it had a datapoint last. */
  heard: number;
}

/** The state of every series of the alerts, from final verdicts in the order of their steps. */
export class AlertStates {
  readonly #alerts: ReadonlyMap<string, Alert>;
  readonly #series = new Map<string, Map<string, Kept>>();
  readonly #isMember: (tags: Tags, at: number) => boolean;

  /** @param isMember whether the student of a series takes part at an instant: of others, nothing is kept */
  constructor(alerts: readonly Alert[], isMember: (tags: Tags, at: number) => boolean = () => true) {
    this.#alerts = new Map(alerts.map((alert) => [alert.name, alert]));
    this.#isMember = isMember;
  }

  /** Takes a final verdict. @returns the series whose phase has changed */
  take({ rule, samples, step, at, over }: Verdict): PhaseChange[] {
    const alert = this.#alerts.get(rule);
    if (!alert) return [];
    const own = this.#series.get(rule) ?? new Map<string, Kept>();
    this.#series.set(rule, own);
    const changes: PhaseChange[] = [];
    const go = (key: string, tags: Tags, holds: boolean | undefined) => {
      const before = own.get(key);
      const state = nextPhase(
        before?.state,
        { for: alert.for, calm: 0, resolved: 1 },
        holds,
        this.#ordinal(alert, step),
      );
      const from = before?.state.phase ?? 'inactive';
      if (state.phase !== from) changes.push({ alert, tags, from, to: state.phase, at });
      if (state.phase === 'inactive') own.delete(key);
      else
        own.set(key, {
          tags,
          state,
          since: state.phase === from ? before!.since : at,
          heard: holds === undefined ? (before?.heard ?? step) : step,
        });
    };
    const there = new Set<string>();
    for (const { tags, value } of samples) {
      const key = seriesKey(tags);
      there.add(key);
      if (isTrue(value) || own.has(key)) go(key, tags, isTrue(value));
    }
    for (const [key, kept] of [...own]) {
      if (there.has(key)) continue;
      // Nobody knows of a series among too many; what was known of it stays.
      if (over.length > 0) continue;
      const isKept =
        alert.keepsAbsent && step - kept.heard < FORGOTTEN_AFTER && this.#isMember(kept.tags, at);
      if (!isKept) go(key, kept.tags, false);
    }
    return changes;
  }

  #ordinal({ axis }: Alert, step: number): number {
    // Teaching days are not successive numbers: they are counted from the first one that was asked for.
    const steps = this.#steps.get(axis.name) ?? { first: step, last: step, count: 0 };
    for (; steps.last < step; steps.count++) steps.last = axis.after(steps.last);
    this.#steps.set(axis.name, steps);
    return steps.count;
  }

  readonly #steps = new Map<string, { first: number; last: number; count: number }>();

  /** The series of an alert that fire, are about to, or have just ended. */
  of(alert: string): readonly SeriesState[] {
    return [...(this.#series.get(alert)?.values() ?? [])].map(({ tags, state, since }) => ({
      tags,
      state,
      since,
    }));
  }
}
