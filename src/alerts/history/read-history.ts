import { queryTables } from '../../access/query.ts';
import type { Cell } from '../../ports/query-engine.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableSet } from '../../ports/tables.ts';
import type { Summarised } from '../evaluate/stream.ts';
import type { Tags } from '../language/query.ts';
import { type Metric, ROSTER } from '../metrics.ts';

type Needs = Uses<'session' | 'engine'>;

/** Who takes part in a course, and from when to when (epoch ms). */
export interface Member {
  readonly tags: Tags;
  readonly from: number;
  readonly to: number;
}

/** Time zones differ from each other by whole quarters of an hour: so do days begin and end. */
const QUARTER_SECONDS = 900;

/** The datapoints of a metric in [from, to) (epoch ms), those of one step summarised by the engine. */
export async function* readMetric(
  lake: Needs,
  tables: TableSet,
  { name, tags, sql }: Metric,
  { from, to, stepMs }: { from: number; to: number; stepMs: number },
): AsyncGenerator<Summarised> {
  const seconds = Math.min(stepMs / 1000, QUARTER_SECONDS);
  const since = `date_diff('second', TIMESTAMP '1970-01-01 00:00:00', CAST(happened_at AS timestamp))`;
  const select = `SELECT at - mod(at, ${seconds}) AS place, ${tags.join(', ')},
  sum(value), count(value), min(value), max(value)
FROM (SELECT ${since} AS at, value, ${tags.join(', ')} FROM (${sql}) points) dated
WHERE at >= ${Math.floor(from / 1000)} AND at < ${Math.floor(to / 1000)} AND value IS NOT NULL
  AND ${tags.map((tag) => `${tag} IS NOT NULL`).join(' AND ')}
GROUP BY 1, ${tags.join(', ')}`;
  for await (const row of rowsOf(lake, tables, select)) {
    const [place, ...rest] = row;
    const values = rest.slice(tags.length).map(Number);
    yield {
      tags: new Map([['name', name], ...tags.map((tag, i) => [tag, String(rest[i])] as const)]),
      time: Number(place) * 1000,
      summary: { sum: values[0]!, count: values[1]!, min: values[2]!, max: values[3]! },
    };
  }
}

/** Everybody who took part in a course at some time in [from, to). */
export async function readRoster(lake: Needs, tables: TableSet, from: number, to: number): Promise<Member[]> {
  const seconds = (column: string) =>
    `date_diff('second', TIMESTAMP '1970-01-01 00:00:00', CAST(${column} AS timestamp))`;
  const select = `SELECT student, course, term, min(begins) AS begins, max(ends) AS ends
FROM (SELECT student, course, term, ${seconds('begins_at')} AS begins, ${seconds('ends_at')} AS ends FROM (${ROSTER.sql}) r) roster
WHERE begins IS NOT NULL AND ends IS NOT NULL AND begins < ${Math.ceil(to / 1000)} AND ends > ${Math.floor(from / 1000)}
GROUP BY student, course, term`;
  const members: Member[] = [];
  for await (const [student, course, term, begins, ends] of rowsOf(lake, tables, select))
    members.push({
      tags: new Map([
        ['student', String(student)],
        ['course', String(course)],
        ['term', String(term)],
      ]),
      from: Number(begins) * 1000,
      to: Number(ends) * 1000,
    });
  return members;
}

async function* rowsOf(lake: Needs, tables: TableSet, select: string): AsyncGenerator<Cell[]> {
  const { batches } = await queryTables(lake, select, tables, { isOwn: true });
  for await (const rows of batches()) yield* rows;
}
