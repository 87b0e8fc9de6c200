import { describe, expect, it } from 'vitest';
import { changeRow, type SchemaChange, unreported } from '../../src/staging/schema-changes.ts';

describe('unreported', () => {
  const gone: SchemaChange = { column: 'name', change: 'vanished', from: 'varchar', to: null };
  const told = [changeRow('r1', 'canvas.users', gone, '2026-01-01T00:00:00Z')];

  it('leaves out what was told of this dataset last', () => {
    expect(unreported('canvas.users', [gone], told)).toEqual([]);
  });

  it('tells the same change of a column of that name in another dataset', () => {
    expect(unreported('canvas.courses', [gone], told)).toEqual([gone]);
  });

  it('tells a change again when another one of the column came between', () => {
    const back = changeRow('r2', 'canvas.users', { ...gone, change: 'added', to: 'varchar' }, 't');

    expect(unreported('canvas.users', [gone], [...told, back])).toEqual([gone]);
  });
});
