import type { Uses } from '../../ports/step.ts';
import type { TableSet } from '../../ports/tables.ts';
import type { Axis } from '../evaluate/axis.ts';
import { AlertStream, type Verdict } from '../evaluate/stream.ts';
import type { Tags } from '../language/query.ts';
import { METRICS, ROSTER } from '../metrics.ts';
import type { Alert } from '../rules/alert.ts';
import { readsMetric } from '../rules/load-alerts.ts';
import { AlertStates, type PhaseChange } from '../rules/states.ts';
import { type Member, readMetric, readRoster } from './read-history.ts';
import { rosterPoints } from './roster-points.ts';

/** What alerts have made of a span of the past. */
export interface EvaluatedHistory {
  readonly states: AlertStates;
  readonly changes: readonly PhaseChange[];
  /** Verdicts by alert, the newest last; of one that has nothing to say for long, none. */
  readonly last: ReadonlyMap<string, Verdict>;
  /** Data expressions that had too many groups, by alert. */
  readonly over: ReadonlyMap<string, ReadonlySet<string>>;
  /** Metrics that could not be read, since a table is not there. */
  readonly missing: readonly string[];
}

export interface HistorySpan {
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly onVerdict?: (verdict: Verdict) => void;
}

/**
 * Evaluates alerts over the lake's tables: the engine summarises the datapoints of each step, and the evaluator of the
 * stream does the rest, so that history and stream agree.
 */
export async function evaluateHistory(
  lake: Uses<'session' | 'engine'>,
  tables: TableSet,
  alerts: readonly Alert[],
  { from, to, onVerdict }: HistorySpan,
): Promise<EvaluatedHistory> {
  const isThere = (reads: readonly string[]) => reads.every((table) => Object.hasOwn(tables, table));
  const needed = METRICS.filter(({ name }) => alerts.some(({ expr }) => readsMetric(expr, name)));
  const readable = needed.filter(({ reads }) => isThere(reads));
  const rostered = readable.filter(({ isRostered }) => isRostered);
  const members = isThere(ROSTER.reads) ? await readRoster(lake, tables, from, to) : [];
  const changes: PhaseChange[] = [];
  const last = new Map<string, Verdict>();
  const over = new Map<string, Set<string>>();
  const states = new AlertStates(alerts, membership(members));
  const stream = new AlertStream(alerts, {
    from,
    onVerdict(verdict) {
      last.set(verdict.rule, verdict);
      for (const data of verdict.over)
        over.set(verdict.rule, (over.get(verdict.rule) ?? new Set()).add(data));
      changes.push(...states.take(verdict));
      onVerdict?.(verdict);
    },
  });
  const axes = [...new Map(alerts.map(({ axis }) => [axis.name, axis])).values()];
  const stepMs = Math.min(...axes.map((axis) => axis.stepMs));
  for (const metric of readable)
    for await (const point of readMetric(lake, tables, metric, { from, to, stepMs }))
      stream.addSummary(point);
  for (const { axis, step } of stepsOf(axes, from, to)) {
    stream.advance(axis.startOf(step));
    const own = alerts.filter((alert) => alert.axis.name === axis.name);
    for (const { name } of rostered)
      if (own.some(({ expr }) => readsMetric(expr, name)))
        for (const point of rosterPoints(name, members, axis, step)) stream.add(point, axis.name);
  }
  stream.advance(to);
  return {
    states,
    changes,
    last,
    over,
    missing: needed.filter((metric) => !readable.includes(metric)).map(({ name }) => name),
  };
}

/** The steps of all axes that are over by the end of the span, in the order in which they begin. */
function stepsOf(axes: readonly Axis[], from: number, to: number): { axis: Axis; step: number }[] {
  const steps: { axis: Axis; step: number; start: number }[] = [];
  for (const axis of axes)
    for (let step = axis.stepAt(from); axis.startOf(axis.after(step)) <= to; step = axis.after(step))
      steps.push({ axis, step, start: axis.startOf(step) });
  return steps.sort((a, b) => a.start - b.start);
}

/** Whether the student of a series takes part in its course, where it names both; else whether anywhere. */
function membership(members: readonly Member[]): (tags: Tags, at: number) => boolean {
  const byStudent = new Map<string, Member[]>();
  for (const member of members) {
    const student = member.tags.get('student')!;
    byStudent.set(student, [...(byStudent.get(student) ?? []), member]);
  }
  return (tags, at) => {
    const student = tags.get('student');
    if (student === undefined) return true;
    return (byStudent.get(student) ?? []).some(
      (member) =>
        member.from <= at &&
        at <= member.to &&
        ['course', 'term'].every((key) => !tags.has(key) || tags.get(key) === member.tags.get(key)),
    );
  };
}
