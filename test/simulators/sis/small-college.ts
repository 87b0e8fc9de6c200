import type { Change, College, Row, TableShape } from '../../../src/simulators/college/college.ts';
import { historyOf } from '../history-of.ts';

export const DAY = 86_400_000;
export const OPENS = Date.UTC(2026, 0, 5);

export const PERSON: TableShape = {
  namespace: 'person',
  name: 'person',
  key: ['person_id'],
  columns: [
    { name: 'person_id', type: 'bigint', nullable: false },
    { name: 'full_name', type: 'varchar(120)', nullable: false },
    { name: 'born', type: 'date' },
    { name: 'languages', type: 'text[]' },
    { name: 'preferences', type: 'jsonb' },
    { name: 'balance', type: 'numeric(10,2)' },
    { name: 'changed_at', type: 'timestamptz' },
    { name: 'note', type: 'text' },
  ],
};

export const ADVISING: TableShape = {
  namespace: 'registrar',
  name: 'advising',
  key: ['student_id', 'advisor_id'],
  columns: [
    { name: 'student_id', type: 'bigint' },
    { name: 'advisor_id', type: 'bigint' },
  ],
  references: [
    { columns: ['student_id'], namespace: 'person', table: 'person', to: ['person_id'] },
    { columns: ['advisor_id'], namespace: 'person', table: 'person', to: ['person_id'] },
  ],
};

export function person(id: bigint, more: Partial<Row> = {}): Row {
  return {
    person_id: id,
    full_name: `Person ${id}`,
    born: '2004-02-29',
    languages: ['English', 'Español, "casi"', 'back\\slash'],
    preferences: { theme: 'dark', sizes: [1, 2], deep: { none: null } },
    balance: '12.30',
    changed_at: OPENS,
    note: null,
    ...more,
  } as Row;
}

/** A college with exactly these SIS changes. */
export function collegeOf(tables: TableShape[], changes: Map<TableShape, Change[]>): College {
  return {
    name: 'Small College',
    timeZone: 'UTC',
    provenance: 'made up for a test',
    opens: OPENS,
    closes: OPENS + 100 * DAY,
    canvas: historyOf(new Map()),
    sis: historyOf(new Map(tables.map((table) => [table, changes.get(table) ?? []]))),
  };
}
