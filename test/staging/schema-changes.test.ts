import { describe, expect, it } from 'vitest';
import type { LakeType } from '../../src/campus/lake-type.ts';
import { changeRow, type SchemaChange, schemaChanges, untold } from '../../src/staging/schema-changes.ts';

const none = { undecided: [], vanished: [] };

describe('schemaChanges', () => {
  it.each<[LakeType, LakeType, SchemaChange['change']]>([
    ['integer', 'bigint', 'widened'],
    ['integer', 'decimal(18,0)', 'widened'],
    ['real', 'double', 'widened'],
    ['bigint', 'double', 'retyped'],
    ['decimal(38,10)', 'decimal(5,2)', 'retyped'],
    ['varchar', 'integer', 'retyped'],
  ])('%s that becomes %s is told as %s', (from, to, change) => {
    const told = schemaChanges([{ name: 'n', type: from }], [{ name: 'n', type: to }], none);

    expect(told).toEqual([{ column: 'n', change, from, to }]);
  });

  it('says nothing of the first version of a table, nor of one that is as it was', () => {
    const columns = [{ name: 'n', type: 'integer' as const }];

    expect(schemaChanges(undefined, columns, none)).toEqual([]);
    expect(schemaChanges(columns, columns, none)).toEqual([]);
  });
});

describe('untold', () => {
  const gone: SchemaChange = { column: 'name', change: 'vanished', from: 'varchar', to: null };
  const told = [changeRow('r1', 'canvas.users', gone, '2026-01-01T00:00:00Z')];

  it('leaves out what was told of this dataset last', () => {
    expect(untold('canvas.users', [gone], told)).toEqual([]);
  });

  it('tells the same change of a column of that name in another dataset', () => {
    expect(untold('canvas.courses', [gone], told)).toEqual([gone]);
  });

  it('tells a change again when another one of the column came between', () => {
    const back = changeRow('r2', 'canvas.users', { ...gone, change: 'added', to: 'varchar' }, 't');

    expect(untold('canvas.users', [gone], [...told, back])).toEqual([gone]);
  });
});
