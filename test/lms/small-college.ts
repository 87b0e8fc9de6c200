import type { Change, College, Row, TableShape } from '../../src/simulators/college/college.ts';
import { historyOf } from '../simulators/history-of.ts';

export const DAY_MS = 86_400_000;
const OPENS = Date.UTC(2026, 0, 5, 12);
/** Ids as Canvas's are across shards: longer than a double can hold. */
const SHARD = 21_070_000_000_000_000n;

const shape = (namespace: string, name: string, columns: [string, string][]): TableShape => ({
  namespace,
  name,
  key: ['id'],
  columns: columns.map(([column, type]) => ({ name: column, type, nullable: column !== 'id' })),
});

const USERS = shape('canvas', 'users', [
  ['id', 'int64'],
  ['name', 'varchar(255)'],
]);
const SUBMISSIONS = shape('canvas', 'submissions', [
  ['id', 'int64'],
  ['user_id', 'int64'],
  ['score', 'double'],
]);
const WEB_LOGS = shape('canvas_logs', 'web_logs', [
  ['id', 'uuid'],
  ['user_id', 'int64'],
]);
const WIKIS = shape('canvas', 'wikis', [['id', 'int64']]);

/**
 * A college of a few dozen rows, for tests of loading: every day brings new rows, changes of old ones and a hard
 * delete; `wikis` stays empty.
 */
export function smallCollege(days = 60): College {
  const tables = new Map<TableShape, Change[]>([
    [USERS, changesOf(days, 3, (id, day) => ({ id: SHARD + id, name: `Zoë "Q" \n ${id} on ${day}` }))],
    [
      SUBMISSIONS,
      changesOf(days, 12, (id, day) => ({
        id: SHARD + id,
        user_id: SHARD + (id % 40n),
        score: Number(day) / 4,
      })),
    ],
    [WEB_LOGS, changesOf(days, 5, (id) => ({ id: uuid(id), user_id: SHARD + (id % 40n) }), false)],
    [WIKIS, []],
  ]);
  return {
    name: 'Small College',
    timeZone: 'UTC',
    provenance: 'Made up for tests',
    opens: OPENS,
    closes: OPENS + days * DAY_MS,
    canvas: historyOf(tables),
    sis: historyOf(new Map()),
  };
}

function changesOf(
  days: number,
  aDay: number,
  row: (id: bigint, day: bigint) => Row,
  changing = true,
): Change[] {
  const changes: Change[] = [];
  let last = 0n;
  for (let day = 0; day < days; day += 1) {
    const at = OPENS + day * DAY_MS;
    for (let i = 0; i < aDay; i += 1) {
      last += 1n;
      changes.push({ at: at + i * 1000, op: 'U', row: row(last, BigInt(day)) });
      if (changing && last > 20n) {
        changes.push({ at: at + i * 1000 + 500, op: 'U', row: row(last - 20n, BigInt(day)) });
      }
    }
    if (changing && day % 7 === 6) {
      changes.push({ at: at + 3_600_000, op: 'D', row: { id: row(last - 1n, 0n).id! } });
    }
  }
  return changes;
}

const uuid = (id: bigint) => `00000000-0000-4000-8000-${id.toString(16).padStart(12, '0')}`;
