import { readFile, rename, writeFile } from 'node:fs/promises';
import { queryTables } from '../access/query.ts';
import { InputError } from '../errors.ts';
import { digestOf } from '../loads/table-identity.ts';
import { loadAllModels } from '../models/build-model.ts';
import { runStamp } from '../ports/ledger.ts';
import type { Uses } from '../ports/step.ts';
import { type DiffLine, diffOf } from './diff.ts';
import { ALL_FIGURES, type Asking, byJob, jobRuns } from './history.ts';
import type { JobRun } from './job-run.ts';
import { applyPatch, type Patch, patchOf } from './patch.ts';
import { type Recommendation, recommendFor } from './recommend.ts';
import { jobOfStep } from './rows.ts';
import { JOB_DECISIONS, SUMMARY_DAYS } from './tables.ts';

const DAY_MS = 86_400_000;

/** What it takes to recommend something. */
export type Recommending = Asking &
  Uses<'campus' | 'features' | 'session' | 'access' | 'ledger' | 'clock' | 'target'>;

/** A recommendation and the change of campus.yaml that does it. Without a patch, only a person can. */
export type Recommended = Recommendation & { readonly patch?: Patch };

export interface Recommendations {
  /** Those that save most first; those in dollars before those in seconds. */
  readonly recommendations: readonly Recommended[];
  /** What people have accepted, and what came of it. */
  readonly accepted: readonly Accepted[];
}

/** A decision, held against what was measured before and after it. */
export interface Accepted {
  readonly recommendation: string;
  readonly rule: string;
  readonly job: string;
  readonly setting: string;
  readonly before: string;
  readonly after: string;
  readonly by: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly unit: string;
  /** Of 30 days. */
  readonly predicted: number;
  /** Of 30 days, as far as the runs since then tell. Absent: too few have come since. */
  readonly saved?: number;
  readonly runsSince: number;
}

/** Kinds of work that rules speak of. */
const KINDS = ['spark', 'model', 'step', 'statement', 'copy'] as const;

/** With fewer runs on each side nothing is said of what a decision has saved. */
const LEAST_COMPARED = 5;

/**
 * What would make the lake's work cheaper.
 * @param options `campusText`: the text of campus.yaml; absent: no patches are made
 * @throws InputError where the session may not read the record of jobs
 */
export async function listRecommendations(
  lake: Recommending,
  { days = SUMMARY_DAYS, campusText }: { readonly days?: number; readonly campusText?: string } = {},
): Promise<Recommendations> {
  const now = lake.platform.clock.now();
  const uses = await usesOfModels(lake, now - days * DAY_MS);
  const decisions = await lake.platform.ledger.rows(JOB_DECISIONS.name);
  const decided = new Set(decisions.map(({ recommendation }) => recommendation));
  const found: Recommended[] = [];
  const histories = new Map<string, JobRun[]>();
  const since = now - days * DAY_MS;
  for await (const runs of byJob(jobRuns(lake, { since, kinds: KINDS, figures: ALL_FIGURES }))) {
    const { job } = runs[0]!;
    if (decisions.some((decision) => decision.job === job)) histories.set(job, runs);
    const facts = uses?.has(job) ? { uses: uses.get(job)! } : {};
    for (const recommendation of recommendFor(runs, facts)) {
      if (decided.has(recommendation.id)) continue;
      const { change } = recommendation;
      const patch = change && campusText !== undefined ? patchOf(campusText, change) : undefined;
      found.push({ ...recommendation, ...(patch ? { patch } : {}) });
    }
  }
  const byMost = (a: Recommended, b: Recommended) =>
    Number(b.saving.unit === 'dollars') - Number(a.saving.unit === 'dollars') ||
    b.saving.amount - a.saving.amount;
  return {
    recommendations: found.sort(byMost),
    accepted: decisions.map((row): Accepted => {
      const at = String(row.accepted_at);
      const runs = histories.get(String(row.job)) ?? [];
      return {
        recommendation: String(row.recommendation),
        rule: String(row.rule),
        job: String(row.job),
        setting: String(row.path),
        before: String(row.before),
        after: String(row.after),
        by: String(row.accepted_by),
        at,
        unit: String(row.unit),
        predicted: Number(row.predicted),
        ...savedSince(runs, Date.parse(at), String(row.unit)),
      };
    }),
  };
}

function savedSince(
  runs: readonly JobRun[],
  at: number,
  unit: string,
): Pick<Accepted, 'saved' | 'runsSince'> {
  const cost = ({ dollars = 0, ranMs, queuedMs = 0 }: JobRun) =>
    unit === 'dollars' ? dollars : (ranMs + queuedMs) / 1000;
  const before = runs.filter(({ startedAt }) => startedAt < at);
  const after = runs.filter(({ startedAt }) => startedAt >= at);
  const runsSince = after.length;
  if (before.length < LEAST_COMPARED || runsSince < LEAST_COMPARED) return { runsSince };
  const mean = (some: readonly JobRun[]) => some.reduce((sum, run) => sum + cost(run), 0) / some.length;
  const days = Math.max(1, (after.at(-1)!.startedAt - after[0]!.startedAt) / DAY_MS + 1);
  return { runsSince, saved: (mean(before) - mean(after)) * (runsSince / days) * 30 };
}

/**
 * How often each model was asked for, by its job: in questions that were put on record, and by other models. Undefined
 * where nobody counts: on AWS, or for a session that may not see who has read the lake.
 */
async function usesOfModels(lake: Recommending, since: number): Promise<Map<string, number> | undefined> {
  if (lake.platform.target === 'aws') return undefined;
  const models = await loadAllModels(lake).catch(() => undefined);
  if (!models) return undefined;
  const uses = new Map(models.map(({ table }) => [table, 0]));
  const count = (table: string) => {
    const before = uses.get(table);
    if (before !== undefined) uses.set(table, before + 1);
  };
  for (const { statement } of models) for (const { name } of statement.tables) count(name);
  // Tables of features are made from models as well, and read them in every run.
  for (const { models: own = [] } of lake.features ?? []) for (const { name } of own) count(`campus.${name}`);
  try {
    const { engine, ledger } = lake.platform;
    const tables = await engine.opsTables(ledger, ['ops.access']);
    const stamp = new Date(since).toISOString().replace('T', ' ').slice(0, 19);
    const asked = `SELECT tables FROM ops.access WHERE at >= TIMESTAMP '${stamp}' AND tables IS NOT NULL`;
    const answer = await queryTables(lake, asked, tables, { isOwn: true });
    for await (const batch of answer.batches())
      for (const [named] of batch) for (const table of String(named).split(/[,\s]+/)) count(table);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
  return new Map(
    models.map(({ name, table }) => [jobOfStep({ step: 'build-model', item: name }), uses.get(table)!]),
  );
}

/**
 * Changes campus.yaml as a recommendation says and keeps who has decided it.
 * @param file campus.yaml
 * @param seen digest of the text for which the change was shown (`proposedChanges`). Default: any text will do
 * @throws InputError for a recommendation that there is not, or one that only a person can follow
 */
export async function acceptRecommendation(
  lake: Recommending,
  id: string,
  file: string,
  seen?: string,
): Promise<Recommended> {
  const text = await readFile(file, 'utf8');
  if (seen !== undefined && seen !== digestOf(text)) throw changedMeanwhile();
  const { recommendations } = await listRecommendations(lake, { campusText: text });
  const chosen = recommendations.find((one) => one.id === id);
  if (!chosen)
    throw new InputError(`There is no recommendation "${id}".`, {
      hint: '`lake jobs recommend` lists those of today; what was accepted is not made again',
    });
  const { patch } = chosen;
  if (!patch)
    throw new InputError(`No setting of campus.yaml does what "${id}" says.`, { hint: chosen.advice });
  await writeFile(`${file}.draft`, applyPatch(text, patch));
  if ((await readFile(file, 'utf8')) !== text) throw changedMeanwhile();
  await rename(`${file}.draft`, file);
  const now = lake.platform.clock.now();
  await lake.platform.ledger.append(JOB_DECISIONS.name, [
    {
      id: `${runStamp(now)}/${id}`,
      run: runStamp(now),
      recommendation: id,
      rule: chosen.rule,
      rule_version: chosen.ruleVersion,
      job: chosen.job,
      path: patch.setting,
      before: String(patch.before),
      after: String(patch.after),
      accepted_by: lake.session.principal,
      accepted_at: new Date(now).toISOString(),
      unit: chosen.saving.unit,
      predicted: chosen.saving.amount,
    },
  ]);
  return chosen;
}

const changedMeanwhile = () =>
  new InputError('campus.yaml has changed since the change was shown.', {
    hint: 'look at it again: nothing was written',
  });

/** A recommendation with what accepting it changes in campus.yaml, line by line. */
export type ProposedChange = Recommended & { readonly diff?: readonly DiffLine[] };

/**
 * The recommendations, and for each that changes a setting the lines before and after, with a digest of the text that
 * `acceptRecommendation` takes: of another text nothing is accepted.
 * @throws as `listRecommendations` does
 */
export async function proposedChanges(
  lake: Recommending,
  file: string,
): Promise<{ readonly seen: string; readonly changes: readonly ProposedChange[] }> {
  const text = await readFile(file, 'utf8');
  const { recommendations } = await listRecommendations(lake, { campusText: text });
  return {
    seen: digestOf(text),
    changes: recommendations.map((one) =>
      one.patch ? { ...one, diff: diffOf(text, applyPatch(text, one.patch)) } : one,
    ),
  };
}
