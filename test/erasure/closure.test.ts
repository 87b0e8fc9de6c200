import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { createCatalog } from '../../src/campus/catalog.ts';
import { closureOf } from '../../src/erasure/closure.ts';
import { linksOf, PERSON } from '../../src/erasure/links.ts';
import { rulesOf } from '../../src/erasure/rules.ts';
import { changeState } from '../../src/loads/dataset-state.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';
import type { TableColumn } from '../../src/ports/tables.ts';
import { lakeOf } from '../lake-of.ts';
import { withPassed } from '../loads/states.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';

type Column = CatalogDataset['columns'][number];
const number = (name: string, privacy: Column['privacy'] = 'quasi'): Column => ({
  name,
  type: 'bigint',
  privacy,
});
const person = (name: string): Column => ({
  name,
  type: 'varchar',
  privacy: 'direct',
  pseudonymNamespace: 'person',
});

const dataset = (id: string, key: string[], columns: Column[]): CatalogDataset => {
  const [source = '', table = ''] = id.split('.');
  return { id, source, name: table, namespace: source, table, key, columns };
};

const USERS = 'row:canvas.users';
const STUDENTS = dataset(
  'sis.students',
  ['student_id'],
  [
    person('student_id'),
    { name: 'family_name', type: 'varchar', privacy: 'direct' },
    { name: 'status', type: 'varchar', privacy: 'education' },
  ],
);
/** A bare `numeric` of PostgreSQL. */
const BARE = 'decimal(28,6)';
const CATALOG = createCatalog([
  dataset(
    'sis.holds',
    ['hold_id'],
    [
      { name: 'hold_id', type: BARE, privacy: 'none' },
      { ...person('person_id'), type: BARE },
    ],
  ),
  dataset(
    'sis.hold_notes',
    ['note_id'],
    [
      { name: 'note_id', type: 'bigint', privacy: 'none' },
      { name: 'hold_id', type: 'bigint', privacy: 'none' },
    ],
  ),
  dataset('canvas.users', ['id'], [number('id'), number('merged_into_user_id')]),
  dataset('canvas.pseudonyms', ['id'], [number('id', 'none'), number('user_id'), person('sis_user_id')]),
  dataset('canvas.enrollments', ['id'], [number('id', 'none'), number('user_id')]),
  STUDENTS,
]);

let home: TestLake;
let folder: string;
let ledger: LedgerStore;
beforeAll(async () => {
  home = await openTestLake();
  folder = await mkdtemp(join(tmpdir(), 'closure-'));
  ledger = openLocalLedger(folder);
  const rows: Record<string, (string | null)[][]> = {
    // 333 went into 33, and 33 into 3; 4 is somebody else.
    'canvas.users': [
      ['3', null],
      ['33', '3'],
      ['333', '33'],
      ['4', null],
    ],
    'canvas.pseudonyms': [
      ['1', '3', 'S3'],
      ['2', '33', 's3-old'],
      ['3', '4', 'S4'],
      ['4', '333', null],
    ],
    'canvas.enrollments': [
      ['70', '333'],
      ['71', '4'],
    ],
    'sis.holds': [
      ['1', '900'],
      ['2', '901'],
    ],
    'sis.hold_notes': [
      ['10', '1'],
      ['20', '2'],
    ],
    'sis.students': [
      ['S3', 'Ng', 'active'],
      ['S4', 'Oh', 'active'],
      ['S9', 'Quine', 'left'],
    ],
  };
  for (const { id, columns } of CATALOG.datasets) {
    const typed: TableColumn[] = columns.map(({ name, type }) => ({ name, type }));
    const values = rows[id]!.map((row) =>
      row.map((text, i) => (text !== null && typed[i]!.type === 'bigint' ? Number(text) : text)),
    );
    const version = await home.engine.literalTable(id, typed, values, 'v1');
    await changeState(ledger, id, (state) => withPassed(state, version, 'v1'));
  }
});
afterAll(async () => {
  await home.close();
  await rm(folder, { recursive: true, force: true });
});

const lake = () =>
  lakeOf({
    campus: { sources: { canvas: { kind: 'canvas' }, sis: { kind: 'postgres' } }, privacy: { defaults: {} } },
    catalog: CATALOG,
    access: undefined,
    platform: { ledger, engine: home.engine, objects: {}, secrets: {} },
  });

const asked = (student: string) => closureOf(lake() as unknown as Parameters<typeof closureOf>[0], student);

it.each(['S3', ' s3 ', 'S3-OLD', 'canvas:3', 'canvas:33', 'canvas:333'])(
  'finds every number of a person by %s, over merges in both directions',
  async (student) => {
    const closure = await asked(student);
    expect(closure.texts(USERS)).toEqual(['3', '33', '333']);
    expect(closure.texts(PERSON).map((text) => text.trim().toLowerCase())).toEqual(['s3', 's3-old']);
    expect(closure.has('row:canvas.enrollments', '70')).toBe(false);
  },
);

it('finds a person whom only one source knows, and nobody where there is nobody', async () => {
  const closure = await asked('S9');
  expect([closure.kinds(), closure.texts(PERSON)]).toEqual([[PERSON], ['S9']]);
  await expect(asked('S10')).rejects.toThrow('Nothing in the lake is about a person of that number.');
  await expect(asked('canvas:5')).rejects.toThrow('Nothing in the lake');
});

it('finds a number that one table holds as a whole number and another with places', async () => {
  const closure = await asked('900');
  expect(closure.texts(PERSON)).toEqual(['900']);
  expect(closure.texts('row:sis.holds')).toEqual(['1']);
  const [holds, notes] = ['sis.holds', 'sis.hold_notes'].map((id) => {
    const links = linksOf(lake() as unknown as Parameters<typeof linksOf>[0]);
    return rulesOf(links.find(({ dataset }) => dataset.id === id)!, closure).rules;
  });
  expect(holds!.owners.map(({ has }) => ['900.000000', '901.000000'].map(has))).toEqual([[true, false]]);
  expect(holds!.key!.has(['1.000000'])).toBe(true);
  expect(notes!.owners.map(({ has }) => ['1', '2'].map(has))).toEqual([[true, false]]);
});

it('masks what names a person and keeps the record, and refuses where the key is a number of the person', async () => {
  const sought = { has: () => true, surrogateOf: () => 'erased' };
  const retention = { outcome: 'mask', reason: 'law' } as const;
  const [column] = STUDENTS.columns;
  const links = [{ column: column!, kind: PERSON, role: 'owner' as const }];
  const { rules } = rulesOf({ dataset: { ...STUDENTS, retention }, links, isIdentity: false }, sought);
  expect(rules.masks).toMatchObject({
    emptied: [{ name: 'family_name' }],
    replaced: [{ name: 'student_id' }],
  });
  const users = CATALOG.get('canvas.users');
  const ofUsers = [{ column: users.columns[0]!, kind: USERS, role: 'owner' as const }];
  expect(() =>
    rulesOf({ dataset: { ...users, retention }, links: ofUsers, isIdentity: true }, sought),
  ).toThrow('Rows of canvas.users cannot be masked: the person is the number id in their key.');
});
