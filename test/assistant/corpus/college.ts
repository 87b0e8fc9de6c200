import type { Facts, JobFact, LoadFact, RunFact, TableFact } from '../../../src/assistant/facts.ts';
import { runStamp } from '../../../src/ports/ledger.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const ZONE = 'America/Chicago';

/** Numbers by a seed, the same each time (mulberry32). */
export function random(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    /** A whole number from `from` to `to`. */
    between: (from: number, to: number) => from + Math.floor(next() * (to - from + 1)),
    pick: <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!,
  };
}
export type Random = ReturnType<typeof random>;

const CANVAS = ['users', 'courses', 'enrollments', 'assignments', 'submissions', 'scores'];
const SIS = ['registrar_students', 'registrar_terms', 'registrar_registrations', 'finaid_awards'];
const MODELS: Readonly<Record<string, readonly string[]>> = {
  'campus.students': ['sis.registrar_students', 'canvas.users'],
  'campus.courses': ['canvas.courses', 'sis.registrar_terms'],
  'campus.work': ['canvas.submissions', 'canvas.assignments', 'campus.courses'],
  'campus.grades': ['canvas.scores', 'canvas.enrollments', 'campus.students'],
  'campus.registrations': ['sis.registrar_registrations', 'campus.students'],
  'campus.attention': ['campus.work', 'campus.grades'],
};
export const DATASETS = [...CANVAS.map((name) => `canvas.${name}`), ...SIS.map((name) => `sis.${name}`)];
export const MODEL_TABLES = Object.keys(MODELS);

/** Facts that a test may change before they are asked. */
export interface Draft {
  at: number;
  tables: Map<string, TableFact>;
  runs: RunFact[];
  incidents: Facts['incidents'][number][];
  failures: Facts['failures'][number][];
  loads: LoadFact[];
  checks: Facts['checks'][number][];
  changes: Facts['changes'][number][];
  jobs: JobFact[];
  levels: Facts['levels'][number][];
}

/** Nights of a college in which nothing is wrong: loads of uneven sizes, work of uneven length. */
export function quietNights(seed: number, nights = 20): Draft {
  const by = random(seed);
  // 02:30 in Chicago in November, when clocks have no summer time.
  const first = Date.parse('2026-11-03T08:30:00Z');
  const usual = new Map(DATASETS.map((dataset) => [dataset, by.between(40, 4_000)]));
  const rowsOf = new Map(MODEL_TABLES.map((table) => [table, by.between(60, 3_000)]));
  const ms = new Map([...DATASETS, ...MODEL_TABLES].map((table) => [table, by.between(400, 30_000)]));
  const draft: Draft = {
    at: 0,
    tables: new Map(),
    runs: [],
    incidents: [],
    failures: [],
    loads: [],
    checks: [],
    changes: [],
    jobs: [],
    levels: [],
  };
  for (let night = 0; night < nights; night++) {
    const start = first + night * DAY + by.between(0, 90_000);
    const run = `${runStamp(start)}-${by.between(0x1000, 0xffff).toString(16)}`;
    const at = (minutes: number) => new Date(start + minutes * MINUTE).toISOString();
    draft.runs.push({ id: run, status: 'succeeded', startedAt: at(0), endedAt: at(25 + by.between(0, 10)) });
    for (const [i, dataset] of DATASETS.entries()) {
      const isSis = dataset.startsWith('sis.');
      const rows = Math.round(usual.get(dataset)! * (1 + (by.next() - 0.5) * (isSis ? 0.05 : 0.6)));
      const minute = 1 + i / 2;
      draft.loads.push({
        id: `${run}:${dataset}`,
        run,
        dataset,
        kind: isSis ? 'snapshot' : 'increment',
        rows,
        watermark: at(minute - by.between(1, 8)),
        startedAt: at(minute),
        committedAt: at(minute + 1),
      });
      draft.jobs.push(
        job(run, `stage ${dataset}`, at(minute + 2), ms.get(dataset)! * (0.8 + by.next() * 0.5), rows),
      );
    }
    for (const [i, table] of MODEL_TABLES.entries()) {
      const rows = Math.round(rowsOf.get(table)! * (1 + (by.next() - 0.5) * 0.05));
      const name = table.split('.')[1]!;
      draft.jobs.push(
        job(run, `build-model ${name}`, at(12 + i), ms.get(table)! * (0.8 + by.next() * 0.5), rows),
      );
    }
  }
  const last = draft.runs.at(-1)!;
  draft.at = Date.parse(last.startedAt) + by.between(3, 8) * HOUR;
  const asOf = last.startedAt;
  const nextExpected = new Date(Date.parse(last.startedAt) + 26 * HOUR).toISOString();
  for (const table of [...DATASETS, ...MODEL_TABLES])
    draft.tables.set(table, {
      table,
      source: table.startsWith('campus.') ? '' : table.split('.')[0]!,
      reads: MODELS[table] ?? [],
      status: 'healthy',
      asOf,
      nextExpected,
      owner: 'Data team',
    });
  return draft;
}

const job = (run: string, name: string, startedAt: string, ran: number, rowsOut: number): JobFact => ({
  id: `${run}/${name}`,
  run,
  job: name,
  startedAt,
  ranMs: Math.round(ran),
  queuedMs: 0,
  rowsOut,
});

export const factsOf = ({ at, ...draft }: Draft): Facts => ({
  ...draft,
  at: new Date(at).toISOString(),
  isNow: true,
  from: new Date(at - 35 * DAY).toISOString(),
  unread: [],
  schedule: { at: '02:30', zone: ZONE },
});
