import { type Analyser, analysis, type Candidate, evidenceOf, median } from '../analysis.ts';
import type { Facts, JobFact } from '../facts.ts';
import { reaches, tableOfItem } from '../lineage.ts';

const COMPARED = 4;
/** Work is slow where it takes so many times as long as usual, and so much longer in all. */
const TIMES = 3;
const LONGER_MS = 20_000;
/** A model's rows multiply where there are so many times as many as usual of the same rows that it reads. */
const MULTIPLIED = 1.8;
/** What it reads explains that where it has grown by so much of the growth. */
const EXPLAINS = 0.5;

/** Work that takes much longer than usual, and models whose rows multiply. */
export const work: Analyser = {
  name: 'work',
  run(facts, { runs, tables, sources }) {
    const ofRuns = facts.jobs.filter(({ run }) => runs.includes(run));
    const concerned = ofRuns.filter(({ job }) => {
      const about = tableOf(facts, job);
      if (tables.length > 0) return about === '' || tables.some((table) => reaches(facts, about, table));
      return sources.length === 0 || sources.includes(facts.tables.get(about)?.source ?? '');
    });
    const multiplied = concerned.flatMap((job) => multipliedRows(facts, job, runs));
    const slow = concerned
      .flatMap((job) => slowJob(facts, job, runs))
      .sort((a, b) => b.more - a.more)
      .map(({ candidate }, i) =>
        i === 0 ? candidate : { ...candidate, confidence: candidate.confidence / 2 },
      );
    return analysis(
      'work',
      concerned.length > 0,
      [...multiplied, ...slow.slice(0, 3)],
      'All work took as long as usual.',
    );
  },
};

/** The table that a job is about; empty for the run as a whole. */
function tableOf(facts: Facts, job: string): string {
  const item = job.split(' ').slice(1).join(' ');
  return item === '' ? '' : tableOfItem(facts, item);
}

const before = ({ jobs }: Facts, of: JobFact, focus: readonly string[]): JobFact[] =>
  jobs.filter(
    ({ job, run, startedAt }) => job === of.job && !focus.includes(run) && startedAt < of.startedAt,
  );

function slowJob(facts: Facts, job: JobFact, focus: readonly string[]) {
  const others = before(facts, job, focus);
  if (others.length < COMPARED) return [];
  const usual = median(others.map(({ ranMs, queuedMs }) => ranMs + queuedMs))!;
  const took = job.ranMs + job.queuedMs;
  const more = took - usual;
  if (took < usual * TIMES || more < LONGER_MS) return [];
  const usualQueue = median(others.map(({ queuedMs }) => queuedMs))!;
  const waited = job.queuedMs - usualQueue > more / 2;
  const candidate: Candidate = {
    reason: waited ? 'work-queued' : 'work-slow',
    component: tableOf(facts, job.job) || job.job,
    time: job.startedAt,
    confidence: 0.6,
    text: `${job.job} ${waited ? 'stood in a queue' : 'ran'} for ${seconds(waited ? job.queuedMs : took)} s; ${seconds(waited ? usualQueue : usual)} s are usual.`,
    evidence: [
      evidenceOf('job_runs', job.id, job.startedAt, `${job.job}: ${seconds(took)} s`),
      ...others
        .slice(-2)
        .map((one) =>
          evidenceOf('job_runs', one.id, one.startedAt, `${one.job}: ${seconds(one.ranMs + one.queuedMs)} s`),
        ),
    ],
  };
  return [{ more, candidate }];
}

function multipliedRows(facts: Facts, job: JobFact, focus: readonly string[]): Candidate[] {
  if (!job.job.startsWith('build-model ') || job.rowsOut === undefined) return [];
  const others = before(facts, job, focus).filter(({ rowsOut }) => rowsOut !== undefined);
  if (others.length < COMPARED) return [];
  const usual = median(others.map(({ rowsOut }) => rowsOut!))!;
  if (usual < 5 || job.rowsOut < usual * MULTIPLIED) return [];
  const table = tableOf(facts, job.job);
  const read = facts.tables.get(table)?.reads ?? [];
  const grew = facts.jobs.some((one) => {
    if (one.run !== job.run || one.rowsOut === undefined || !read.includes(tableOf(facts, one.job)))
      return false;
    const earlier = median(before(facts, one, focus).flatMap(({ rowsOut }) => rowsOut ?? []));
    return (
      earlier !== undefined &&
      earlier > 0 &&
      one.rowsOut / earlier > 1 + (job.rowsOut! / usual - 1) * EXPLAINS
    );
  });
  if (grew) return [];
  return [
    {
      reason: 'rows-multiplied',
      component: table,
      time: job.startedAt,
      confidence: 0.8,
      text: `${table} has ${job.rowsOut} rows, ${usual} are usual, and what it reads has not grown: a join multiplies rows.`,
      evidence: [
        evidenceOf('job_runs', job.id, job.startedAt, `${job.job}: ${job.rowsOut} rows out`),
        ...others
          .slice(-2)
          .map((one) => evidenceOf('job_runs', one.id, one.startedAt, `${one.job}: ${one.rowsOut} rows out`)),
      ],
    },
  ];
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
