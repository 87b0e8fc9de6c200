import { describe, expect, it } from 'vitest';
import type { TableSet } from '../../src/ports/tables.ts';
import { parseProcedureFile } from '../../src/warehouse/procedure-file.ts';
import { callable, PROCEDURES, readProcedures } from '../../src/warehouse/procedure-folder.ts';

const tables = (columns: readonly string[]): TableSet => ({
  'campus.people': {
    table: 'campus.people',
    columns: columns.map((name) => ({ name, type: 'varchar' })),
    rows: 0,
    storage: {},
  },
});
const procedure = (more = '') =>
  parseProcedureFile('p.sql', `-- call: mart.refresh\n-- reads: campus.people (id)\n${more}\nSELECT 1;`);

describe('a stored procedure', () => {
  it('is called where its tables have its columns', () => {
    expect(callable([procedure()], tables(['id']))).toMatchObject({
      ready: [{ name: 'mart.refresh' }],
      remarks: [],
    });
  });

  it('is left out with a remark where a table or a column is missing', () => {
    expect(callable([procedure()], {}).remarks).toEqual([
      'mart.refresh was not called: there is no table campus.people',
    ]);
    expect(callable([procedure()], tables([])).remarks).toEqual([
      'mart.refresh was not called: campus.people has no column id',
    ]);
  });

  it('is left out without a remark where it is optional and the lake is without its tables', () => {
    expect(callable([procedure('-- optional')], {})).toEqual({ ready: [], remarks: [] });
  });

  it('gives a remark though it is optional where its table lacks a column', () => {
    expect(callable([procedure('-- optional')], tables([])).remarks).toHaveLength(1);
  });

  it('that comes with the lake is no matter for a campus without its tables', async () => {
    const shipped = await readProcedures(PROCEDURES);
    expect(shipped.length).toBeGreaterThan(0);
    expect(callable(shipped, {})).toEqual({ ready: [], remarks: [] });
  });
});
