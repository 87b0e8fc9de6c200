import { describe, expect, it } from 'vitest';
import { readHeader } from '../../src/models/header.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { notesOf } from '../../src/warehouse/notes.ts';

const version = (table: string, columns: TableVersion['columns']): TableVersion => ({
  table,
  columns,
  rows: 0,
  storage: {},
});
const described = (table: string, header: string) => ({ table, ...readHeader(header) });

const SEATS = version('campus.seats', [
  { name: 'student_id', type: 'varchar' },
  { name: 'course_id', type: 'bigint' },
  { name: 'since', type: 'timestamp' },
]);

describe('what the warehouse says of a table', () => {
  const notes = (header: string) =>
    notesOf([described('campus.seats', header)], { 'campus.seats': SEATS })['campus.seats']!;

  it('is what its header says, and which clock its times are by', () => {
    const told = notes(`-- description: Who sits where
-- grain: student_id, course_id
-- owner: Registrar
-- column since (education): since when
-- column student_id (direct): the number`);

    expect(told.description).toBe(
      'Who sits where. One row per student_id, course_id. Owner: Registrar. Times are UTC, without a time zone.',
    );
    expect(told.columns).toEqual({ student_id: 'the number', since: 'since when; UTC, without a time zone' });
  });

  it('says which clock even where there is no header', () => {
    expect(notesOf([], { 'campus.seats': SEATS })['campus.seats']!.columns).toEqual({
      since: 'UTC, without a time zone',
    });
  });

  it('has a key where checks that fail the table hold that it is filled and unique, and only there', () => {
    const grain = '-- grain: student_id, course_id\n';
    const filled = '-- check: { kind: not_null, columns: [student_id, course_id] }\n';

    expect(notes(grain + filled).key).toEqual(['student_id', 'course_id']);
    expect(notes(grain).key).toEqual([]);
    expect(notes(`-- grain: a student\n${filled}`).key).toEqual([]);
    expect(notes(grain + filled.replace(' }', ', severity: warn }')).key).toEqual([]);
    expect(
      notes(`${grain}${filled}-- check: { kind: unique, columns: [student_id, course_id], severity: warn }`)
        .key,
    ).toEqual([]);
    expect(notes(grain + filled).filled).toEqual(['student_id', 'course_id']);
  });

  it('refers to what a check relates, even where that only warns', () => {
    const check =
      '-- check: { kind: relationships, column: course_id, to: campus.courses, field: course_id, severity: warn }';

    expect(notes(check).references).toEqual([
      { column: 'course_id', to: 'campus.courses', field: 'course_id' },
    ]);
  });
});
