import { authorize } from '../../access/authorize.ts';
import type { CheckFact, Facts, IncidentFact, TableFact } from '../../assistant/facts.ts';
import { LakeError } from '../../errors.ts';
import { loadAllModels } from '../../models/build-model.ts';
import { readPublication } from '../../pipeline/publication.ts';
import { readRunRecord } from '../../pipeline/run-record.ts';
import type { Parameter } from '../../ports/parameter.ts';
import type { Cell } from '../../ports/query-engine.ts';
import type { AppLake } from '../app-lake.ts';
import { type Incident, listIncidents } from '../health/incidents.ts';
import { lakeHealth } from '../health/table-health.ts';
import { countOf, instantOf, opsRows } from '../ops-rows.ts';

const DAY_MS = 86_400_000;
/** A run is compared with those of so many days before it. */
const COMPARED_DAYS = 35;
/** Rows of one table of the ledger that are looked at, the newest. */
const MOST = 20_000;

type Row = { readonly [column: string]: Cell };

/** Incidents of all time of which the session may know, the oldest first. */
export async function readIncidentFacts(lake: AppLake): Promise<IncidentFact[]> {
  const rows = await opsRows(lake, {
    table: 'ops.incidents',
    select: `SELECT document FROM ops.incidents ORDER BY opened_at DESC LIMIT 1000`,
  });
  // Who reads the ledger reads all of it; others learn of the incidents of their tables.
  const found = rows
    ? rows.map(({ document }) => JSON.parse(String(document)) as Incident)
    : await listIncidents(lake, { all: true });
  return found.map(incidentFact).sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
}

/** The newest runs, the oldest first. Undefined where the session may not read of them. */
export async function readRunIds(lake: AppLake): Promise<string[] | undefined> {
  const rows = await opsRows(lake, {
    table: 'ops.runs',
    select: 'SELECT id FROM ops.runs ORDER BY id DESC LIMIT 1000',
  });
  return rows?.map(({ id }) => String(id)).reverse();
}

/** How every table is now, and what it is made of; only tables of which the session may know. */
export async function readTableFacts(lake: AppLake): Promise<Map<string, TableFact>> {
  const [{ tables }, publication] = await Promise.all([lakeHealth(lake), readPublication(lake.platform)]);
  const datasets = Object.fromEntries(lake.catalog.datasets.map((dataset) => [dataset.id, dataset]));
  const { tables: known } = await authorize(lake, 'describe', { ...datasets, ...publication?.tables });
  const reads = new Map<string, readonly string[]>();
  for (const [name, { sources = [] }] of Object.entries(publication?.facts ?? {})) reads.set(name, sources);
  // While a model's file has a mistake, what was published says more than the files.
  const models = await loadAllModels(lake).catch((error: unknown) => {
    if (error instanceof LakeError) return [];
    throw error;
  });
  for (const { table, statement } of models)
    reads.set(
      table,
      statement.tables.map(({ name }) => name),
    );
  return new Map(
    tables.map(({ table, status, reason, since, asOf, nextExpected, owner }) => [
      table,
      defined({
        table,
        source: datasets[table]?.source ?? '',
        reads: (reads.get(table) ?? []).filter((one) => known[one] !== undefined),
        status,
        reason,
        since,
        asOf,
        nextExpected,
        owner,
      }),
    ]),
  );
}

/**
 * The rows of the ledger around a time, under the session's role: what it may not read is left out, and named.
 * @param at epoch ms; what came later is left out
 */
export async function readFacts(
  lake: AppLake,
  {
    at,
    incidents,
    tables,
  }: {
    readonly at: number;
    readonly incidents: readonly IncidentFact[];
    readonly tables: ReadonlyMap<string, TableFact>;
  },
): Promise<Facts> {
  const now = lake.platform.clock.now();
  const from = at - COMPARED_DAYS * DAY_MS;
  const to = new Date(at).toISOString();
  const unread: string[] = [];
  const parameters: Parameter[] = [
    { name: 'lower', type: 'varchar', value: stamp(from) },
    { name: 'upper', type: 'varchar', value: `${stamp(at)}~` },
  ];
  const rowsOf = async (table: string, columns: string, where = '', most = MOST): Promise<readonly Row[]> => {
    const rows = await opsRows(lake, {
      table: `ops.${table}`,
      select: `SELECT id, run, ${columns} FROM ops.${table} WHERE id >= :lower AND id <= :upper ${where} ORDER BY id DESC LIMIT ${most}`,
      parameters,
    });
    if (!rows) unread.push(`ops.${table}`);
    return [...(rows ?? [])].reverse();
  };
  const [runs, steps, loads, checks, changes, jobs, levels, record] = await Promise.all([
    rowsOf('runs', 'status, started_at, ended_at'),
    rowsOf('steps', 'step, item, source, code, reach, ended_at, error', "AND status = 'failed'"),
    rowsOf('loads', 'dataset, kind, rows, watermark, started_at, committed_at'),
    rowsOf(
      'checks',
      'table_name, check_name, status, severity, failing, checked_at',
      "AND status <> 'passed'",
    ),
    rowsOf('schema_changes', 'dataset, column_name, change, at'),
    rowsOf(
      'job_runs',
      'job, started_at, ran_ms, queued_ms, rows_in, rows_out',
      "AND part_of IS NULL AND kind IN ('step', 'model')",
    ),
    rowsOf('service_levels', 'objective, firing, measured_at'),
    readRunRecord(lake.platform.ledger),
  ]);
  const listed = runs.map((row) =>
    defined({
      id: text(row.id),
      status: text(row.status) === 'failed' ? ('failed' as const) : ('succeeded' as const),
      startedAt: instantOf(row.started_at) ?? to,
      endedAt: instantOf(row.ended_at),
    }),
  );
  const current = record?.value;
  const isRead = !unread.includes('ops.runs');
  const open =
    current && isRead && Date.parse(current.startedAt) <= at && !listed.some(({ id }) => id === current.run)
      ? [{ id: current.run, status: current.status, startedAt: current.startedAt }]
      : [];
  return {
    at: to,
    isNow: at >= now,
    from: new Date(from).toISOString(),
    tables,
    runs: [...listed, ...open].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)),
    incidents: incidents.filter(({ openedAt }) => openedAt <= to),
    failures: steps.map((row) => ({
      id: text(row.id),
      run: text(row.run),
      step: text(row.step),
      item: text(row.item),
      source: text(row.source),
      code: text(row.code) || 'unexpected',
      reach: reachOf(row.reach),
      at: instantOf(row.ended_at) ?? to,
      message: text(row.error),
    })),
    loads: loads.map((row) =>
      defined({
        id: text(row.id),
        run: text(row.run),
        dataset: text(row.dataset),
        kind: text(row.kind),
        rows: countOf(row.rows),
        watermark: instantOf(row.watermark),
        startedAt: instantOf(row.started_at),
        committedAt: instantOf(row.committed_at) ?? to,
      }),
    ),
    checks: checks.map(
      (row): CheckFact => ({
        id: text(row.id),
        run: text(row.run),
        table: text(row.table_name),
        check: text(row.check_name),
        status: text(row.status),
        severity: text(row.severity),
        failing: countOf(row.failing) ?? 0,
        at: instantOf(row.checked_at) ?? to,
      }),
    ),
    changes: changes.map((row) => ({
      id: text(row.id),
      run: text(row.run),
      dataset: text(row.dataset),
      column: text(row.column_name),
      change: text(row.change),
      at: instantOf(row.at) ?? to,
    })),
    jobs: jobs.map((row) =>
      defined({
        id: text(row.id),
        run: text(row.run),
        job: text(row.job),
        startedAt: instantOf(row.started_at) ?? to,
        ranMs: countOf(row.ran_ms) ?? 0,
        queuedMs: countOf(row.queued_ms) ?? 0,
        rowsIn: countOf(row.rows_in),
        rowsOut: countOf(row.rows_out),
      }),
    ),
    levels: levels.map((row) => ({
      id: text(row.id),
      run: text(row.run),
      objective: text(row.objective),
      firing: countOf(row.firing) ?? 0,
      at: instantOf(row.measured_at) ?? to,
    })),
    unread: unread.sort(),
    schedule: { at: lake.campus.schedule.at, zone: lake.campus.timeZone },
  };
}

function incidentFact(incident: Incident): IncidentFact {
  const { evidence, resolved, manualSteps, tried } = incident;
  const { id, cause, title, scope, state, confidence, alternatives, openedAt, lastSeenAt, lastSeenIn } =
    incident;
  const { tables, affected, assignee, why, repairs } = incident;
  return defined({
    id,
    cause,
    title,
    scope,
    state,
    confidence,
    alternatives,
    openedAt,
    lastSeenAt,
    lastSeenIn,
    resolvedAt: resolved?.at,
    tables,
    affected,
    assignee,
    why,
    action: manualSteps,
    repairs,
    signals: evidence.map(({ id: signal, about, source, code, at, message }) => ({
      id: signal,
      about,
      source,
      code,
      at,
      message,
    })),
    tried: tried.map(({ id: attempt, repair, state: how, at, text: words }) => ({
      id: attempt,
      repair,
      state: how,
      at,
      text: words,
    })),
  });
}

const reachOf = (cell: Cell | undefined): 'item' | 'source' | 'lake' =>
  cell === 'source' || cell === 'lake' ? cell : 'item';
const text = (cell: Cell | undefined): string => (cell === null || cell === undefined ? '' : String(cell));
const stamp = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** Without keys that have no value. */
const defined = <T extends object>(of: T): Defined<T> =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as unknown as Defined<T>;
