import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelColumns } from '../../src/models/model-columns.ts';
import { showTables } from '../../src/pipeline/show-tables.ts';
import type { ClassifiedTable, TableGuard } from '../../src/ports/table-guard.ts';
import type { TableSet } from '../../src/ports/tables.ts';
import { columnClasses } from '../../src/privacy/column-classes.ts';
import { datasetOf } from '../quality/datasets.ts';

const dataset = datasetOf([{ name: 'id', type: 'bigint' }]);
const people = {
  ...dataset,
  columns: [...dataset.columns, { name: 'name', type: 'varchar', privacy: 'direct' } as const],
};
const versionOf = (table: string, ...names: string[]) => ({
  table,
  columns: names.map((name) => ({ name, type: 'varchar' as const })),
  rows: 0,
  storage: {},
});
const TABLES: TableSet = {
  'sis.things': versionOf('sis.things', 'id', 'name', 'gone_from_the_catalog'),
  'campus.students': versionOf('campus.students', 'student_id', 'risk'),
};
const HEADER = '-- description: Students\n-- column student_id (direct): their id\n\nSELECT 1 AS student_id';
const CLASSES: ClassifiedTable[] = [
  { table: 'sis.things', columns: { id: 'none', name: 'direct', gone_from_the_catalog: 'secret' } },
  { table: 'campus.students', columns: { student_id: 'direct', risk: 'education' } },
];

describe('The privacy class of a column', () => {
  it('of which a model says nothing is the most secret where roles see by classes', () => {
    const [model] = columnClasses({ 'campus.students': TABLES['campus.students']! }, { datasets: [] }, [], {
      hasRoles: true,
    });
    expect(model!.columns).toEqual({ student_id: 'secret', risk: 'secret' });
  });

  it('is the one that the catalog or the model gives; what nobody has classified is not for all', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'classes-'));
    try {
      await writeFile(join(folder, 'students.sql'), HEADER);
      await writeFile(join(folder, 'notes.md'), 'no model');

      expect(columnClasses(TABLES, { datasets: [people] }, await modelColumns(folder))).toEqual(CLASSES);
      expect(await modelColumns(join(folder, 'nowhere'))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is told to the guard before tables are shown again and when they are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'classes-'));
    const done: unknown[] = [];
    const lakeWith = (platform: { guard?: TableGuard }) => ({
      campus: { root: folder, models: '.', sources: {} },
      catalog: { datasets: [people] },
      platform: { engine: { show: async () => void done.push('shown') }, ...platform },
    });
    const classify = async (tables: readonly ClassifiedTable[]) => ({ columns: done.push(tables) });
    try {
      await writeFile(join(folder, 'students.sql'), HEADER);
      await showTables(lakeWith({ guard: { classify } }), TABLES, {});
      expect(done).toEqual([CLASSES, 'shown', CLASSES]);
      await showTables(lakeWith({}), TABLES, {});
      expect(done).toHaveLength(4);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
