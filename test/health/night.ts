import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { health } from '../../src/health/feature.ts';
import { type Incident, isOpen } from '../../src/health/incidents/incident.ts';
import { readIncidents } from '../../src/health/incidents/store.ts';
import { diagnoseRun } from '../../src/health/step.ts';
import { writeModelRecord } from '../../src/pipeline/model-record.ts';
import { publish, type TableFacts } from '../../src/pipeline/publication.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import { type OpsRow, runStamp } from '../../src/ports/ledger.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { lakeOf } from '../lake-of.ts';

const DAY = 86_400_000;
const FIRST = Date.parse('2026-11-02T02:30:00Z');

/** What a step of a made-up night reported. */
export interface Failed {
  readonly step: string;
  readonly item: string;
  readonly code: string;
  readonly source?: string;
  readonly reach?: 'item' | 'source' | 'lake';
}

/** What happened in a made-up night. */
export interface Night {
  readonly failed?: readonly Failed[];
  readonly checks?: readonly { readonly table: string; readonly check: string; readonly failing: number }[];
  readonly changes?: readonly {
    readonly dataset: string;
    readonly column: string;
    readonly change: string;
  }[];
  /** Published tables that are older than promised. */
  readonly stale?: readonly string[];
}

const TABLES = ['users', 'courses', 'submissions', 'enrollments'].map((name) => `canvas.${name}`);
const SIS = ['students', 'registrations'].map((name) => `sis.${name}`);
/** What each model reads. */
const MODELS: Readonly<Record<string, readonly string[]>> = {
  students: ['sis.students', 'canvas.users'],
  work: ['canvas.submissions', 'canvas.courses'],
  advisers: ['sis.students', 'sis.registrations'],
};

const version = (table: string, run: string): TableVersion =>
  ({
    table,
    rows: 10,
    columns: [{ name: 'id', type: 'bigint' }],
    storage: { files: [`${run}/${table}`] },
  }) as unknown as TableVersion;

/** A ledger with nights in it, and the step that diagnoses them: no source, no engine. */
export async function openNights() {
  const root = await mkdtemp(join(tmpdir(), 'health-'));
  let now = FIRST;
  let night = 0;
  const ledger = openLocalLedger(join(root, 'ledger'), { added: health.opsTables });
  const objects = openLocalObjects(root);
  const datasets = [...TABLES, ...SIS].map((id) => ({
    id,
    source: id.split('.')[0]!,
    owner: id.startsWith('sis') ? 'Registrar' : 'Data team',
  }));
  const notes: string[] = [];
  const lake = lakeOf({
    campus: {
      root,
      lake: 'lake',
      models: 'models',
      sources: { canvas: { kind: 'canvas' }, sis: { kind: 'postgres' } },
    },
    catalog: {
      datasets,
      get: (id: string) => datasets.find((one) => one.id === id)!,
      of: (source: string) => datasets.filter((one) => one.source === source),
    },
    features: [],
    report: { note: (_: string, text: string) => void notes.push(text), progress: () => {} },
    platform: { ledger, objects, clock: { now: () => now }, engine: {} },
  });
  for (const [model, sources] of Object.entries(MODELS))
    await writeModelRecord(ledger, {
      model,
      run: 'r0',
      version: version(`campus.${model}`, 'r0'),
      sources,
      header: { owner: 'Advising', columns: [] },
    });
  return {
    lake,
    ledger,
    notes,
    models: Object.keys(MODELS).map((name) => `campus.${name}`),
    tables: TABLES,
    now: () => now,
    close: () => rm(root, { recursive: true, force: true }),
    open: async (): Promise<readonly Incident[]> => (await readIncidents(ledger)).filter(isOpen),
    all: (): Promise<readonly Incident[]> => readIncidents(ledger),
    /** One night with its diagnosis. @returns the run's id */
    async run({ failed = [], checks = [], changes = [], stale = [] }: Night = {}): Promise<string> {
      now = FIRST + night++ * DAY;
      const run = `${runStamp(now)}-0000`;
      const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
      await ledger.append(
        'steps',
        failed.map((one, i) => stepRow(run, one, i, at(1 + i / 10))),
      );
      await ledger.append(
        'checks',
        checks.map(
          ({ table, check, failing }): OpsRow => ({
            id: `${run}/${table}/${check}`,
            run,
            table_name: table,
            check_name: check,
            severity: 'fail',
            status: 'failed',
            failing,
            found: `${failing} rows break ${check}`,
            checked_at: at(10),
          }),
        ),
      );
      await ledger.append(
        'schema_changes',
        changes.map(
          ({ dataset, column, change }): OpsRow => ({
            id: `${run}:${dataset}:${column}:${change}`,
            run,
            dataset,
            column_name: column,
            change,
            old_type: 'bigint',
            new_type: 'varchar',
            at: at(0),
          }),
        ),
      );
      const shown = [...TABLES, ...SIS, ...Object.keys(MODELS).map((name) => `campus.${name}`)];
      const facts = Object.fromEntries(
        shown.map((table): [string, TableFacts] => {
          const isStale = stale.includes(table);
          const asOf = new Date(now - (isStale ? 3 * DAY : 0)).toISOString();
          return [
            table,
            {
              asOf,
              loadedAt: asOf,
              run,
              isStale,
              ...(isStale ? { whyOld: 'its load failed' } : {}),
              sources: MODELS[table.split('.')[1]!] ?? [],
            },
          ];
        }),
      );
      await publish(lake.platform, {
        id: run,
        run,
        at: at(20),
        asOf: at(0),
        tables: Object.fromEntries(shown.map((table) => [table, version(table, run)])),
        facts,
      });
      now += 30 * 60_000;
      await diagnoseRun.run({ run }, lake as never);
      return run;
    },
  };
}

const stepRow = (
  run: string,
  { step, item, code, source = '', reach = 'item' }: Failed,
  i: number,
  at: string,
): OpsRow => ({
  id: `${run}/main/${item}/${step}/${i}`,
  run,
  path: `main/${item}/${step}/${i}`,
  step,
  item,
  attempt: 1,
  started_at: at,
  ended_at: at,
  status: 'failed',
  output: null,
  error: `The step ${step} failed.`,
  next: 'Look.',
  code,
  class: 'LakeError',
  about: item,
  source,
  retryable: false,
  reach,
});
