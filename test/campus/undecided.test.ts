import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UndecidedColumnsError } from '../../src/campus/errors.ts';
import { loadCampus } from '../../src/campus/load.ts';
import { treatmentOf } from '../../src/campus/treatment.ts';
import { applyCatalog } from '../../src/pipeline/steps/apply-catalog.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import { lakeOf } from '../lake-of.ts';

const CATALOG = `source: sis
datasets:
  - name: people
    namespace: public
    table: people
    key: [id]
    columns:
      - { name: id, type: integer, privacy: none } # proposed
      - { name: nick, type: varchar, privacy: direct } # proposed: a person's name
      - { name: house, type: varchar, privacy: quasi }
      - { name: given, type: varchar, privacy: direct, treatment: keep } # proposed: a person's name
    checks:
      - { kind: not_null, columns: [nick] }
      - { kind: not_null, columns: [house] }
      - { kind: relationships, column: house, to: sis.logins, field: login }
  - name: logins
    namespace: public
    table: logins
    key: [login]
    columns:
      - { name: login, type: varchar, privacy: direct } # proposed: a person's name
      - { name: seen, type: varchar, privacy: none }
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undecided-'));
  await mkdir(join(folder, 'catalog'));
  await writeFile(join(folder, 'catalog/sis.yaml'), CATALOG);
});
afterEach(() => rm(folder, { recursive: true }));

async function load(undecided?: string) {
  const source = 'kind: postgres, host: h, database: d, user: u, password: { env: P }';
  const privacy = undecided ? `privacy: { undecided: ${undecided} }\n` : '';
  await writeFile(
    join(folder, 'campus.yaml'),
    `name: x\ntimeZone: UTC\nsources: { sis: { ${source} } }\n${privacy}`,
  );
  const { campus, catalog } = await loadCampus(folder);
  const kept = catalog
    .of('sis')
    .map(({ id, columns }) => [
      id,
      columns.filter((column) => treatmentOf(campus, column) !== 'exclude').map(({ name }) => name),
    ]);
  return { campus, catalog, kept: Object.fromEntries(kept) };
}

it('are treated as proposed where nothing else is said', async () => {
  for (const said of [undefined, 'allow', 'refuse'])
    expect((await load(said)).kept).toEqual({
      'sis.people': ['id', 'nick', 'house', 'given'],
      'sis.logins': ['login', 'seen'],
    });
});

it('are left behind: a column alone, or its table where it is part of the key; what is decided or none is kept', async () => {
  const { catalog, kept } = await load('leave_behind');
  expect(kept).toEqual({ 'sis.people': ['id', 'house', 'given'] });
  expect(catalog.undecided).toEqual([
    { dataset: 'sis.people', column: 'nick', privacy: 'direct' },
    { dataset: 'sis.logins', column: 'login', privacy: 'direct' },
  ]);
  // Checks of what is not there are left out with it.
  expect(catalog.get('sis.people').checks).toEqual([{ kind: 'not_null', columns: ['house'] }]);
});

async function begin(undecided: string): Promise<string[]> {
  const { campus, catalog } = await load(undecided);
  const notes: string[] = [];
  const report = { note: (about: string, text: string) => notes.push(`${about}: ${text}`) };
  const platform = {
    ledger: openLocalLedger(join(folder, 'ledger')),
    objects: openLocalObjects(join(folder, 'objects')),
    secrets: {},
    engine: {},
    guard: {},
  };
  await applyCatalog.run({ run: 'r1' }, lakeOf({ campus, catalog, report, platform }));
  return notes;
}

it('a run refuses them before it loads anything, or says what it leaves out and why', async () => {
  await expect(begin('refuse')).rejects.toThrow(UndecidedColumnsError);
  await expect(begin('refuse')).rejects.toThrow('2 columns that look sensitive');
  expect(await begin('allow')).toEqual([]);
  expect(await begin('leave_behind')).toEqual([
    'sis.people: left behind, as nobody has decided on nick (direct): `lake privacy review`',
    'sis.logins: the table is left behind, as nobody has decided on login (direct): `lake privacy review`',
  ]);
});
