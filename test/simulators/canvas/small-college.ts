import type { Change, College, Row, TableShape } from '../../../src/simulators/college/college.ts';

export const DAY = 86_400_000;
export const OPENS = Date.UTC(2026, 0, 5);

export const USERS: TableShape = {
  namespace: 'canvas',
  name: 'users',
  key: ['id'],
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 'name', type: 'text' },
    { name: 'workflow_state', type: 'text' },
    { name: 'created_at', type: 'timestamptz' },
    { name: 'updated_at', type: 'timestamptz' },
  ],
};
export const WEB_LOGS: TableShape = {
  namespace: 'canvas_logs',
  name: 'web_logs',
  key: ['id'],
  columns: [
    { name: 'id', type: 'uuid' },
    { name: 'timestamp', type: 'timestamptz' },
    { name: 'url', type: 'text' },
    { name: 'http_status', type: 'int32' },
    { name: 'user_id', type: 'bigint' },
  ],
};

/** A college whose Canvas has the given changes, and nothing else. */
export function collegeOf(history: ReadonlyMap<TableShape, readonly Change[]>, opens = OPENS): College {
  return {
    name: 'Small College',
    timeZone: 'UTC',
    provenance: 'made by hand for tests',
    opens,
    closes: opens + 120 * DAY,
    canvas: {
      tables: [...history.keys()],
      *changes(table, after, upTo) {
        for (const change of history.get(table) ?? []) {
          if (change.at > after && change.at <= upTo) yield change;
        }
      },
    },
    sis: { tables: [], *changes() {} },
  };
}

export function upsert(at: number, row: Row): Change {
  return { at, op: 'U', row };
}
export function remove(at: number, row: Row): Change {
  return { at, op: 'D', row };
}

/** A 17-digit id, as ids from another shard have: too long for a JavaScript number. */
export const GLOBAL_ID = 21070000000000001n;

/** Two users on the first day; on the second one is renamed, one deleted, one created, and one unknown deleted. */
export function twoDaysOfUsers(): Change[] {
  const user = (at: number, id: bigint, name: string | null): Change =>
    upsert(at, { id, name, workflow_state: 'registered', created_at: OPENS, updated_at: at });
  return [
    user(OPENS + 1000, GLOBAL_ID, 'Zoë "Z" Ångström\tline\nbreak, comma'),
    user(OPENS + 2000, 2n, 'NULL'),
    user(OPENS + 3000, 3n, ''),
    user(OPENS + DAY + 1000, GLOBAL_ID, 'Zoë Ångström'),
    remove(OPENS + DAY + 2000, { id: 2n }),
    user(OPENS + DAY + 3000, 4n, null),
    remove(OPENS + DAY + 4000, { id: 999n }),
  ];
}
