import { describe, expect, it } from 'vitest';
import type { LakeType } from '../../src/campus/lake-type.ts';
import type { TableSet } from '../../src/ports/tables.ts';
import { parseStatement } from '../../src/sql/parse.ts';
import { perColumns } from '../../src/sql/per-columns.ts';

const tables = (type: LakeType, rows: number): TableSet => ({
  'canvas.users': { table: 'canvas.users', columns: [{ name: 'id', type }], rows, storage: {} },
});

describe('What is found out per columns', () => {
  it('is found once for the same columns, whatever else changes, and again for others', async () => {
    const statement = await parseStatement('SELECT id FROM canvas.users');
    const asked: unknown[] = [];
    const find = perColumns((_, given) => {
      asked.push(given['canvas.users']?.columns[0]?.type);
      return { nth: asked.length };
    });

    const first = find(statement, tables('bigint', 1));
    expect(find(statement, tables('bigint', 2))).toBe(first);
    expect(find(statement, tables('varchar', 1))).toEqual({ nth: 2 });
    expect(find(statement)).toEqual({ nth: 3 });
    expect(find(statement, tables('bigint', 3))).toBe(first);
    expect(asked).toEqual(['bigint', 'varchar', undefined]);
  });

  it('is tried again after an error, thrown or promised', async () => {
    const statement = await parseStatement('SELECT 1 AS one');
    let times = 0;
    const thrown = perColumns((): object => {
      if (++times === 1) throw new Error('not now');
      return { times };
    });
    const promised = perColumns(async () => {
      if (++times === 3) throw new Error('not now');
      return times;
    });

    expect(() => thrown(statement)).toThrow('not now');
    expect(thrown(statement)).toEqual({ times: 2 });
    await expect(promised(statement)).rejects.toThrow('not now');
    expect(await promised(statement)).toBe(4);
  });
});
