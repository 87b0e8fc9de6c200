import { queryTables } from '../access/query.ts';
import type { Json } from '../json.ts';
import { listStates } from '../loads/dataset-state.ts';
import { goodOf } from '../loads/state.ts';
import type { EventReader } from '../ports/event-log.ts';
import type { OpsRow } from '../ports/ledger.ts';
import type { Uses } from '../ports/step.ts';
import { LATENESS_MS, LIVE_LOSS } from './tables.ts';
import { possibleTime, underWaySince } from './times.ts';
import type { KeptEvent } from './treat.ts';

type Needs = Uses<'session' | 'engine' | 'ledger' | 'clock'>;

/** A kind of event whose result a table of Canvas keeps: a row of it says that there must have been one. */
interface Judged {
  readonly event: string;
  readonly table: string;
  /** When it happened, a column of the table. */
  readonly at: string;
  /** What must be so besides, in Athena's SQL. */
  readonly where?: { readonly sql: string; readonly reads: string };
  /** The field of the event with the id of the row. */
  readonly field: string;
}

/** Later attempts change the row of the first, and come as `submission_updated`. */
const JUDGED: readonly Judged[] = [
  {
    event: 'submission_created',
    table: 'submissions',
    at: 'submitted_at',
    where: { sql: 'coalesce(attempt, 1) = 1', reads: 'attempt' },
    field: 'submission_id',
  },
  { event: 'grade_change', table: 'submissions', at: 'graded_at', field: 'submission_id' },
  { event: 'enrollment_created', table: 'enrollments', at: 'created_at', field: 'enrollment_id' },
  { event: 'quiz_submitted', table: 'quiz_submissions', at: 'finished_at', field: 'submission_id' },
  {
    event: 'discussion_entry_created',
    table: 'discussion_entries',
    at: 'created_at',
    field: 'discussion_entry_id',
  },
];

/** What was lost of one kind of event between two instants, ISO 8601 UTC. */
export interface Loss {
  readonly source: string;
  readonly event: string;
  readonly since: string;
  readonly until: string;
  readonly expected: number;
  readonly received: number;
  readonly lost: number;
  readonly repeated: number;
}

/** What a log holds of the kinds that can be judged. */
interface Came {
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
  readonly repeated: readonly { readonly event: string; readonly time: number }[];
  /** Since when events come, epoch ms; undefined: nothing came. */
  readonly first: number | undefined;
}

/**
 * Compares the log with what Canvas's tables know by now, from where the run before has stopped until nothing more is under
 * way: a delivery may be late by some minutes. What was deleted for good meanwhile is not expected.
 */
export async function measureLoss(lake: Needs, source: string, log: EventReader): Promise<Loss[]> {
  const { ledger, clock } = lake.platform;
  const came = await readCame(log, source);
  if (came.first === undefined) return [];
  const before = await ledger.rows(LIVE_LOSS.name);
  const states = new Map((await listStates(ledger)).map((state) => [state.dataset, state]));
  const losses: Loss[] = [];
  for (const judged of JUDGED) {
    const good = states.get(`${source}.${judged.table}`);
    const known = good && goodOf(good);
    if (!known?.time?.asOf) continue;
    const { version } = known;
    const has = new Set(version.columns.map(({ name }) => name));
    if (!has.has('id') || !has.has(judged.at)) continue;
    const since = Math.max(lastUntil(before, source, judged.event), came.first - 1);
    const until = Math.min(Date.parse(known.time.asOf), clock.now() - LATENESS_MS);
    if (until <= since) continue;
    const where = judged.where && has.has(judged.where.reads) ? ` AND ${judged.where.sql}` : '';
    const select = `SELECT id FROM ${version.table}
WHERE ${judged.at} > ${instantSql(since)} AND ${judged.at} <= ${instantSql(until)}${where}`;
    const { batches } = await queryTables(lake, select, { [version.table]: version }, { isOwn: true });
    const ids = came.ids.get(judged.event) ?? new Set();
    let expected = 0;
    let received = 0;
    for await (const rows of batches())
      for (const [id] of rows) {
        expected += 1;
        if (ids.has(String(id))) received += 1;
      }
    losses.push({
      source,
      event: judged.event,
      since: new Date(since).toISOString(),
      until: new Date(until).toISOString(),
      expected,
      received,
      lost: expected - received,
      repeated: came.repeated.filter(
        ({ event, time }) => event === judged.event && time > since && time <= until,
      ).length,
    });
  }
  return losses;
}

/** Keeps what was found. */
export async function recordLoss(lake: Needs, run: string, losses: readonly Loss[]): Promise<void> {
  const rows = losses.map((loss) => ({ id: `${run}/${loss.source}/${loss.event}`, run, ...loss }));
  if (rows.length > 0) await lake.platform.ledger.append(LIVE_LOSS.name, rows as unknown as OpsRow[]);
}

/** What a run has found. */
export async function lossOf(ledger: Needs['platform']['ledger'], run: string): Promise<Loss[]> {
  return (await ledger.rows(LIVE_LOSS.name, `${run}/`)) as unknown as Loss[];
}

async function readCame(log: EventReader, source: string): Promise<Came> {
  const fields = new Map(JUDGED.map(({ event, field }) => [event, field]));
  const ids = new Map<string, Set<string>>(JUDGED.map(({ event }) => [event, new Set()]));
  const seen = new Set<string>();
  const repeated: { event: string; time: number }[] = [];
  let first: number | undefined;
  for (const partition of await log.partitions()) {
    let after: string | undefined;
    for (;;) {
      const { events, next } = await log.read(partition, after);
      if (events.length === 0) break;
      after = next;
      for (const { value, at } of events) {
        const event = JSON.parse(value) as KeptEvent;
        if (event.source !== source) continue;
        const time = possibleTime(event.time, at);
        first = Math.min(first ?? at, underWaySince(event.time, at));
        const field = fields.get(event.name);
        if (field === undefined) continue;
        if (seen.has(event.id)) repeated.push({ event: event.name, time });
        seen.add(event.id);
        const id: Json | undefined = event.body[field];
        if (id !== undefined) ids.get(event.name)!.add(String(id));
      }
    }
  }
  return { ids, repeated, first };
}

const lastUntil = (rows: readonly OpsRow[], source: string, event: string): number =>
  rows
    .filter((row) => row.source === source && row.event === event)
    .reduce((last, row) => Math.max(last, Date.parse(String(row.until))), Number.NEGATIVE_INFINITY);

/** Athena's literal of an instant, to the millisecond. */
const instantSql = (at: number): string =>
  `TIMESTAMP '${new Date(at).toISOString().slice(0, 23).replace('T', ' ')}'`;
