import { gzipSync } from 'node:zlib';
import type { QueryEngine } from '../../../src/ports/query-engine.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { type RawRecord, specOf, toJsonLines } from '../../platform/local/duckdb/lake-folder.ts';

/** Where a world is staged: an engine and the raw files that it reads. */
export interface Stage {
  readonly engine: QueryEngine;
  putRaw(key: string, bytes: Buffer): Promise<string>;
}

const PAGES = specOf('canvas.pages', [
  { name: 'id', type: 'bigint' },
  { name: 'user_id', type: 'bigint' },
  { name: 'seen_at', type: 'timestamp' },
  { name: 'took', type: 'integer' },
  { name: 'share', type: 'double' },
  { name: 'points', type: 'decimal(12,3)' },
  { name: 'title', type: 'varchar' },
  { name: 'is_open', type: 'boolean' },
  { name: 'due', type: 'date' },
  { name: 'starts', type: 'time' },
]);
const NOTES = specOf('canvas.notes', [
  { name: 'id', type: 'bigint' },
  { name: 'page_id', type: 'bigint' },
  { name: 'text', type: 'varchar' },
]);

/** Larger than any double holds exactly. */
const ID = 21_070_000_000_000_001n;
/** From a Saturday to a Monday, over the hour that a clock in Chicago shows twice. */
const START = Date.parse('2025-11-01T20:00:00.000Z');
const TWO_HOURS = 7_200_000;

const TITLES = ['Ünïts & 😀', 'plain', 'it\'s \\ "quoted"', '', '12', ' x '];

const page = (i: number, ts: string): RawRecord => ({
  ts,
  key: { id: ID + BigInt(i) },
  value: {
    user_id: 1n + BigInt(i % 3),
    seen_at: new Date(START + i * TWO_HOURS + i * 7).toISOString(),
    ...(i % 4 === 3 ? {} : { took: i * 37 - 100 }),
    share: i / 8,
    points: (i * 1250) / 1000,
    ...(i % 5 === 4 ? {} : { title: TITLES[i % TITLES.length] }),
    is_open: i % 2 === 0,
    due: `2025-12-${String(1 + i).padStart(2, '0')}`,
    starts: '08:30:00',
  },
});

/**
 * Pages of a small Canvas, a snapshot and then an increment that changes some and removes others; notes, of which
 * there are none; the run. What comes of it is the same wherever it is staged.
 */
export async function stageWorld(stage: Stage): Promise<Record<string, TableVersion>> {
  const { engine } = stage;
  const file = (name: string, records: readonly RawRecord[]) =>
    stage.putRaw(`raw/canvas/${name}.jsonl.gz`, gzipSync(toJsonLines(records)));
  const first = await file(
    'first',
    Array.from({ length: 24 }, (_, i) => page(i, '2026-01-01T00:00:00Z')),
  );
  const later = await file('later', [
    { ts: '2026-01-02T00:00:00Z', action: 'D', key: { id: ID + 2n } },
    { ...page(25, '2026-01-02T00:00:00Z'), key: { id: ID + 4n } },
    page(26, '2026-01-02T00:00:00Z'),
  ]);
  const snapshot = (await engine.replace(PAGES, [first], 'v1')).version;
  const pages = (await engine.merge(snapshot, PAGES, [later], 'v2')).version;
  // What is loaded after the version that is read must not be seen.
  await engine.merge(pages, PAGES, [await file('after', [page(27, '2026-01-03T00:00:00Z')])], 'v3');
  const notes = (await engine.replace(NOTES, [], 'v1')).version;
  const run = await engine.literalTable(
    'ops.run',
    [
      { name: 'as_of', type: 'timestamp' },
      { name: 'as_of_date', type: 'date' },
      { name: 'time_zone', type: 'varchar' },
    ],
    [['2025-11-03T20:00:00.000Z', '2025-11-03', 'America/Chicago']],
    'v1',
  );
  return { 'canvas.pages': pages, 'canvas.notes': notes, 'ops.run': run };
}

/** Every type that a table can hold, and what a model does with it. */
export const TYPES = `-- engine: glue
SELECT
  p.id,
  p.user_id,
  p.took,
  p.took / 7 AS sevenths,
  p.share,
  CAST(p.share AS real) AS small_share,
  p.points,
  CAST(p.points * 2 AS decimal(14, 3)) AS doubled,
  CAST(sum(p.points) OVER (PARTITION BY p.user_id) AS decimal(20, 3)) AS all_points,
  p.title,
  upper(p.title) AS loud,
  TRY_CAST(p.title AS bigint) AS number,
  p.is_open,
  p.due,
  date_add('month', 3, p.due) AS quarter_later,
  p.seen_at,
  date_trunc('hour', p.seen_at) AS hour,
  row_number() OVER (PARTITION BY p.user_id ORDER BY p.took, p.id) AS place,
  n.text AS note
FROM canvas.pages p
LEFT JOIN canvas.notes n ON n.page_id = p.id -- there are none
WHERE p.is_open OR p.took IS NOT NULL;
`;

/** Weeks by the clock of the campus, as the lake's own models count them. */
export const WEEKS = `-- engine: glue
WITH dated AS (
  SELECT p.user_id, p.seen_at, CAST(at_timezone(p.seen_at, r.time_zone) AS date) AS day
  FROM canvas.pages p
  CROSS JOIN ops.run r
  WHERE p.seen_at <= r.as_of
)
SELECT
  canvas_user.user_id,
  date_trunc('week', d.day) AS week,
  count(DISTINCT d.day) AS active_days,
  count(*) AS views,
  max(d.seen_at) AS last_seen_at
FROM dated d
JOIN (SELECT DISTINCT user_id FROM canvas.pages) canvas_user ON canvas_user.user_id = d.user_id
GROUP BY canvas_user.user_id, date_trunc('week', d.day)
`;
