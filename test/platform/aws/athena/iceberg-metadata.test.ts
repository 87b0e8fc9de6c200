import { describe, expect, it } from 'vitest';
import { parseMetadata } from '../../../../src/platform/aws/athena/iceberg-metadata.ts';
import { evolvedFields, isPromotion } from '../../../../src/platform/aws/athena/iceberg-tables.ts';
import { maintenanceOf } from '../../../../src/platform/aws/athena/maintenance.ts';

const DAY = 86_400_000;
const text = (current: string, files = '3') => `{
  "format-version": 2, "last-column-id": 5, "current-schema-id": 1,
  "schemas": [
    {"type": "struct", "schema-id": 0, "fields": [{"id": 1, "name": "id", "required": false, "type": "int"}]},
    {"type": "struct", "schema-id": 1, "fields": [
      {"id": 1, "name": "id", "required": false, "type": "long"},
      {"id": 5, "name": "name", "required": false, "type": "string"}]}],
  "current-snapshot-id": ${current},
  "snapshots": [
    {"snapshot-id": 9007199254740993, "timestamp-ms": 1000, "summary": {"total-records": "7"}},
    {"snapshot-id": 9007199254740995, "timestamp-ms": ${9 * DAY}, "summary": {"total-delete-files": "${files}"}}]
}`;

describe('the metadata of an Iceberg table', () => {
  it('keeps ids of 64 bits, and gives the newest columns', () => {
    const metadata = parseMetadata(text('9007199254740995'));

    expect(metadata.current?.id).toBe('9007199254740995');
    expect(metadata.snapshots.map(({ id }) => id)).toEqual(['9007199254740993', '9007199254740995']);
    expect(metadata.fields.map(({ id, name, type }) => [id, name, type])).toEqual([
      [1, 'id', 'long'],
      [5, 'name', 'string'],
    ]);
  });

  it.each(['-1', 'null'])('has no snapshot before the first row (%s)', (none) => {
    expect(parseMetadata(text(none)).current).toBeUndefined();
  });

  it('gives new columns the next ids, and widens others under theirs', () => {
    const fields = evolvedFields(parseMetadata(text('9007199254740995')), [
      { name: 'id', type: 'bigint' },
      { name: 'score', type: 'decimal(8,3)' },
    ]);

    expect(fields.map(({ Id, Name, Type }) => [Id, Name, Type])).toEqual([
      [1, 'id', 'long'],
      [5, 'name', 'string'],
      [6, 'score', 'decimal(8, 3)'],
    ]);
  });

  it.each([
    ['integer', 'bigint', true],
    ['real', 'double', true],
    ['decimal(5,2)', 'decimal(8,2)', true],
    ['decimal(5,2)', 'decimal(8,3)', false],
    ['integer', 'varchar', false],
    ['date', 'timestamp', false],
    ['bigint', 'integer', false],
  ] as const)('says whether Iceberg widens %s to %s in place: %s', (from, to, can) => {
    expect(isPromotion(from, to)).toBe(can);
  });

  it('removes old snapshots only when no kept version needs one of them', () => {
    const metadata = parseMetadata(text('9007199254740995'));
    const old = { snapshot: '9007199254740993', committedAt: 1000 };
    const newest = { snapshot: '9007199254740995', committedAt: 9 * DAY };

    expect(maintenanceOf(metadata, [newest], 10 * DAY)).toEqual({ optimize: false, vacuum: true });
    expect(maintenanceOf(metadata, [old, newest], 10 * DAY).vacuum).toBe(false);
    expect(maintenanceOf(metadata, [newest], 20 * DAY).vacuum).toBe(true);
    expect(maintenanceOf(metadata, [old, newest], 2 * DAY).vacuum).toBe(false);
    expect(maintenanceOf(parseMetadata(text('9007199254740995', '8')), [], 0).optimize).toBe(true);
  });
});
