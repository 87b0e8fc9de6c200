import { createHash } from 'node:crypto';
import type { JobKind, JobRun } from './job-run.ts';
import { type Condition, LEAST_RUNS, type Measure, RULES, type Rule, type SettingChange } from './rules.ts';
import { quantile } from './statistics.ts';

/** What would make a job cheaper, why the lake thinks so, and whether it would have been right before. */
export interface Recommendation {
  /** The same for the same rule, version and job. */
  readonly id: string;
  readonly rule: string;
  readonly ruleVersion: number;
  /** Whose threshold it is. */
  readonly source: string;
  readonly job: string;
  readonly kind: JobKind;
  readonly finding: string;
  readonly advice: string;
  /** What was found for each condition. */
  readonly evidence: readonly Evidence[];
  readonly saving: Saving;
  readonly backTest: BackTest;
  /** Absent: only a person can do it. */
  readonly change?: SettingChange;
}

export interface Evidence extends Condition {
  readonly found: number;
  readonly runs: number;
}

/** For 30 days, as far as the runs tell. */
export interface Saving {
  readonly unit: 'dollars' | 'seconds';
  readonly amount: number;
  readonly of: number;
}

/**
 * The recommendation as it would have been made after the first two thirds of the runs, held against the runs that came
 * after.
 */
export interface BackTest {
  /** Whether the rule would have spoken then. */
  readonly spoke: boolean;
  /** Later runs, and those in which the finding was still true. */
  readonly laterRuns: number;
  readonly held: number;
  /** What was predicted for those runs, and what it would have saved in those in which it was true. */
  readonly predicted: number;
  readonly realised: number;
}

/** A recommendation is made where it would have been right in so many of the later runs. */
const CONFIRMED = 0.8;
const DAY_MS = 86_400_000;

/** What is known of a job besides its runs. */
export interface JobFacts {
  /** How often its table was asked for, by people and models, in these days. Absent: nobody counted. */
  readonly uses?: number;
}

/**
 * What the rules say of one job.
 * @param runs of it, from the oldest to the newest; those that failed are left out
 * @param rules in the order in which they count where several change one setting. Default: the lake's
 */
export function recommendFor(
  runs: readonly JobRun[],
  facts: JobFacts = {},
  rules: readonly Rule[] = RULES,
): Recommendation[] {
  const done = runs.filter(({ status }) => status !== 'failed');
  const first = done[0];
  if (!first || done.length < LEAST_RUNS) return [];
  const measured = done.map((run, i) => measuresOf(run, done[i - 1], facts));
  const changed = new Set<string>();
  return rules.flatMap((rule): Recommendation[] => {
    if (!rule.kinds.includes(first.kind)) return [];
    const evidence = evidenceOf(rule, measured);
    if (!evidence) return [];
    const backTest = tested(rule, done, measured);
    if (!backTest.spoke || backTest.held < CONFIRMED * backTest.laterRuns) return [];
    const setting = rule.change?.path.join('.');
    // Two changes of one setting would be predicted without each other.
    if (setting !== undefined && changed.has(setting)) return [];
    if (setting !== undefined) changed.add(setting);
    return [
      {
        id: createHash('sha256').update(`${rule.id}/${rule.version}/${first.job}`).digest('hex').slice(0, 8),
        rule: rule.id,
        ruleVersion: rule.version,
        source: rule.source,
        job: first.job,
        kind: first.kind,
        finding: rule.finding,
        advice: rule.advice,
        evidence,
        saving: savingOf(rule, done),
        backTest,
        ...(rule.change ? { change: rule.change } : {}),
      },
    ];
  });
}

type Measures = { readonly [measure in Measure]?: number };

function measuresOf(run: JobRun, before: JobRun | undefined, { uses }: JobFacts): Measures {
  const { bytesOut, filesOut, queuedMs, ranMs, tasks, failedTasks, rowsIn } = run;
  const read = before?.rowsIn;
  return {
    ...run,
    ...(bytesOut === undefined || !filesOut ? {} : { bytesPerFile: bytesOut / filesOut }),
    ...(queuedMs === undefined ? {} : { queueShare: queuedMs / Math.max(1, queuedMs + ranMs) }),
    ...(!tasks || failedTasks === undefined ? {} : { failedTaskShare: failedTasks / tasks }),
    ...(!rowsIn || read === undefined ? {} : { newRowShare: Math.abs(rowsIn - read) / rowsIn }),
    ...(uses === undefined ? {} : { uses }),
  };
}

/** What was found for each condition, or undefined where one does not hold or too few runs tell of it. */
function evidenceOf(
  { when }: Rule,
  measured: readonly Measures[],
  least = LEAST_RUNS - 1,
): Evidence[] | undefined {
  const evidence: Evidence[] = [];
  for (const condition of when) {
    const values = measured.flatMap((one) => one[condition.measure] ?? []);
    const found = quantile(values, condition.of === 'p95' ? 0.95 : 0.5);
    if (found === undefined || values.length < least || !holds(condition, found)) return undefined;
    evidence.push({ ...condition, found, runs: values.length });
  }
  return evidence;
}

const holds = ({ is, than }: Condition, value: number): boolean =>
  is === 'below' ? value < than : value > than;

/** Told in dollars where the work costs any. */
const costOf = (runs: readonly JobRun[]): { unit: Saving['unit']; each: number[] } =>
  runs.some(({ dollars }) => dollars !== undefined)
    ? { unit: 'dollars', each: runs.map(({ dollars }) => dollars ?? 0) }
    : { unit: 'seconds', each: runs.map(({ ranMs, queuedMs = 0 }) => (ranMs + queuedMs) / 1000) };

const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

function savingOf({ saves }: Rule, runs: readonly JobRun[]): Saving {
  const { unit, each } = costOf(runs);
  const days = Math.max(1, (runs.at(-1)!.startedAt - runs[0]!.startedAt) / DAY_MS + 1);
  const month = (total(each) / days) * 30;
  return { unit, amount: month * saves, of: month };
}

function tested(rule: Rule, runs: readonly JobRun[], measured: readonly Measures[]): BackTest {
  const cut = Math.ceil((runs.length * 2) / 3);
  const known = measured.slice(0, cut);
  const later = measured.slice(cut);
  const { each } = costOf(runs);
  const spoke = evidenceOf(rule, known, Math.min(LEAST_RUNS, cut) - 2) !== undefined;
  const isTrue = later.map((one) =>
    rule.when.every((condition) => {
      const value = one[condition.measure];
      return value !== undefined && holds(condition, value);
    }),
  );
  const before = total(each.slice(0, cut)) / cut;
  return {
    spoke,
    laterRuns: later.length,
    held: isTrue.filter(Boolean).length,
    predicted: before * later.length * rule.saves,
    realised: total(each.slice(cut).map((cost, i) => (isTrue[i] ? cost * rule.saves : 0))),
  };
}
