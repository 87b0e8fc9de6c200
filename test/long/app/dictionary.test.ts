import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { dictionary } from '../../../bin/dictionary/markdown.ts';
import { withLake } from '../../../bin/with-lake.ts';
import { PIPELINE } from '../../../src/access/authorize.ts';
import { readAs } from '../../../src/app/access/open-access.ts';
import { dictionaryData } from '../../../src/app/dictionary/data.ts';
import { typedModels } from '../../../src/app/dictionary/model-types.ts';
import { type DictionaryTables, dictionaryTables } from '../../../src/app/dictionary/readable.ts';
import type { TypedModel } from '../../../src/app/dictionary/typed-model.ts';
import { type LoadedCampus, loadCampus } from '../../../src/campus/load.ts';
import { FEATURES } from '../../../src/features.ts';
import { ROOT } from '../../end-to-end/small-campus.ts';

let loaded: LoadedCampus;
let models: TypedModel[];
let tables: DictionaryTables;
beforeAll(async () => {
  loaded = await loadCampus(join(ROOT, 'campus.yaml'));
  models = await typedModels(loaded, withLake);
  tables = await dictionaryTables({ session: PIPELINE, features: FEATURES }, models, loaded.catalog.datasets);
});

it('docs/dictionary.md is what `lake dictionary --out docs/dictionary.md` writes', async () => {
  const written = await readFile(join(ROOT, 'docs/dictionary.md'), 'utf8');
  expect(dictionary(loaded.campus, tables, FEATURES)).toBe(written);
});

it('every model says its grain, its owner, and of every column what it is and tells of a person', () => {
  const silent = models.flatMap(({ model, columns }) => [
    ...(model.grain && model.owner && model.description ? [] : [model.name]),
    ...columns
      .filter(
        ({ name }) => !model.columns.some((column) => column.name === name && column.description !== ''),
      )
      .map(({ name }) => `${model.name}.${name}`),
  ]);
  expect(models.length).toBeGreaterThanOrEqual(8);
  expect(silent).toEqual([]);
});

it('is data, too: tables and columns with what the text says of them', () => {
  const data = dictionaryData(loaded.campus, tables);
  const table = (name: string) => data.tables.find((one) => one.table === name);

  expect(table('campus.students')).toMatchObject({ grain: 'student_id', owner: 'Registrar' });
  expect(table('campus.students')!.columns[0]).toMatchObject({
    name: 'student_id',
    type: 'varchar',
    privacy: 'direct',
  });
  expect(table('campus.students')!.checks).toContainEqual({ name: 'not_null(student_id)', severity: 'fail' });
  expect(table('canvas.users')!.columns.map(({ treatment }) => treatment)).toContain('keep');
  expect(data.tables.length).toBe(
    models.length + loaded.catalog.datasets.filter(({ load }) => load !== 'off').length,
  );
});

it('tells a role of the tables and columns that it sees, and names no others', async () => {
  const [text, tables] = await withLake(loaded, {}, async (lake) => {
    const asked = await readAs(lake, { role: 'analyst' });
    const seen = await dictionaryTables(asked, models, loaded.catalog.datasets);
    return [dictionary(loaded.campus, seen, FEATURES), dictionaryData(loaded.campus, seen).tables] as const;
  });

  expect(tables.map(({ table }) => table)).toContain('sis.registrar_persons');
  expect(tables.map(({ table }) => table)).not.toContain('sis.finaid_applications');
  expect(text).not.toMatch(/given_name|legal_name|ssn|## ops|sis\.hr_employees/);
});
