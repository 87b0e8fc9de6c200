import { openMeter } from '../../src/jobs/meter.ts';
import type { LedgerStore, OpsRow } from '../../src/ports/ledger.ts';
import { runStamp } from '../../src/ports/ledger.ts';
import type { MeasuredWork } from '../../src/ports/metering.ts';

const START = Date.UTC(2026, 0, 1, 2, 30);
const STEPS = ['lms-start', 'lms-poll', 'lms-fetch', 'lms-commit', 'stage', 'check-dataset'];

export interface Nights {
  readonly tables: number;
  /** Between two runs. */
  readonly hours: number;
}

export const startOf = ({ hours }: Nights, n: number): number => START + n * hours * 3_600_000;
export const runAt = (nights: Nights, n: number): string => `${runStamp(startOf(nights, n))}-0000`;
export const tablesOf = ({ tables }: Nights): string[] =>
  Array.from({ length: tables }, (_, i) => `canvas.table_${i}`);

/** Times that differ from table to table and from night to night, the same in every run of the benchmark. */
const varied = (seed: number): number => (Math.imul(seed + 1, 2_654_435_761) >>> 8) % 1000;

/** The rows that a run of every table leaves in the ledger, of the shape and size in which a run leaves them. */
export async function writeNight(ledger: LedgerStore, nights: Nights, n: number): Promise<void> {
  const run = runAt(nights, n);
  const started = startOf(nights, n);
  const at = (offset: number) => new Date(started + offset).toISOString();
  const each = tablesOf(nights);
  const steps = each.flatMap((item, table) =>
    STEPS.map((step, place): OpsRow => {
      const path = `main/Load canvas/canvas[${item}]/${step}`;
      const from = table * 40 + place * 500;
      const output = JSON.stringify({
        run,
        dataset: item,
        load: `${run}-${item}`,
        job: jobId(table, n),
        rows: varied(table + n),
      });
      const told = {
        attempt: 1,
        started_at: at(from),
        ended_at: at(from + 200 + varied(n * 7 + table + place)),
      };
      return {
        id: `${run}/${path}`,
        run,
        path,
        step,
        item,
        ...told,
        status: 'succeeded',
        output,
        error: null,
        next: null,
      };
    }),
  );
  const loads = each.map(
    (dataset, table): OpsRow => ({
      id: `${run}/${dataset}`,
      run,
      dataset,
      source: 'canvas',
      kind: 'increment',
      watermark: at(table),
      rows: varied(table + n),
      bytes: 4096 + varied(n) * 10,
      started_at: at(table * 40),
      committed_at: at(table * 40 + 2000),
    }),
  );
  const checks = each.flatMap((table, i) =>
    ['implied', 'unique(id)'].map((check): OpsRow => {
      const id = `${run}/${table}/${check}`;
      const counted = {
        severity: 'fail',
        status: 'passed',
        checks: 9,
        rows: varied(i) * 100,
        checked_at: at(i * 40 + 3000),
      };
      return { id, run, table_name: table, check_name: check, ...counted };
    }),
  );
  const shown = each.map(
    (table, i): OpsRow => ({
      id: `${run}/${table}`,
      run,
      table_name: table,
      published_at: at(3_600_000),
      data_as_of: at(i),
    }),
  );
  await ledger.append('steps', steps);
  await ledger.append('loads', loads);
  await ledger.append('checks', checks);
  await ledger.append('published_tables', shown);
  await writeJobs(ledger, nights, n, steps);
  await ledger.append('runs', [
    { id: run, run, status: 'succeeded', started_at: at(0), ended_at: at(3_600_000) },
  ]);
}

const jobId = (table: number, n: number): string =>
  `${String(varied(table)).padStart(8, '0')}-4a1b-4c2d-9e3f-${String(table * 1000 + n).padStart(12, '0')}`;

/** The record of jobs, by the meter that a run has: a row for each step, and for each second table one of its statement. */
async function writeJobs(
  ledger: LedgerStore,
  nights: Nights,
  n: number,
  steps: readonly OpsRow[],
): Promise<void> {
  const run = runAt(nights, n);
  const platform = { ledger, clock: { now: () => startOf(nights, n), sleep: async () => undefined } };
  const meter = await openMeter({ platform: { ...platform, target: 'local' } }, run);
  for (const [i, { step, item, path, started_at: from, ended_at: to }] of steps.entries()) {
    const [startedAt, endedAt] = [Date.parse(String(from)), Date.parse(String(to))];
    const statement: MeasuredWork = {
      kind: 'statement',
      name: `write ${item}`,
      engine: 'duckdb',
      startedAt,
      endedAt: startedAt + (i % 2 === 0 ? 150 + varied(i + n) / 10 : 20),
      rowsIn: varied(i + n),
      rowsOut: varied(i + n),
      bytesOut: varied(i + n) * 50,
      cpuMs: varied(i) / 10,
      peakMemoryBytes: 10_000_000 + varied(i + n) * 1000,
      spilledBytes: 0,
      gigabyteSeconds: 0.01,
    };
    const work = step === 'stage' ? [statement] : [];
    const what = { step: String(step), item: String(item), path: String(path), attempt: 1, tries: 1 };
    meter.step({ ...what, startedAt, endedAt, activeMs: endedAt - startedAt, failed: false, used: [], work });
  }
  await meter.flush();
  // Once a day, a row for each job: here each step of a table is one.
  const day = new Date(startOf(nights, n)).toISOString().slice(0, 10);
  const stamp = runStamp(Date.parse(day));
  const summaries = steps.map(({ step, item }, i): OpsRow => {
    const job = `${step} ${item}`;
    const figures = {
      ran_ms_p50: 500 + varied(i + n),
      ran_ms_p95: 900 + varied(i + n),
      trend: 'none',
      trend_p: varied(i + n) / 1000,
    };
    return {
      id: `${stamp}/${job}`,
      run: stamp,
      job,
      kind: 'step',
      day,
      runs: Math.min(30, n + 1),
      failed: 0,
      ...figures,
    };
  });
  await ledger.append('job_summaries', summaries);
}
