import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkKept } from '../../src/app/doctor/check-kept.ts';
import type { DoctorContext } from '../../src/app/doctor/finding.ts';
import { keptColumns } from '../../src/campus/kept-columns.ts';
import { loadCampus } from '../../src/campus/load.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lake-kept-'));
  await mkdir(join(root, 'catalog'));
});
afterEach(() => rm(root, { recursive: true }));

async function campusWith(defaults: string) {
  const file = join(root, 'campus.yaml');
  await writeFile(
    file,
    `name: Lakeside College
timeZone: America/Chicago
sources:
  sis:
    kind: postgres
    host: db
    database: sis
    user: lake
    password: { env: P }
privacy:
  key: { env: K }
  defaults:${defaults}
`,
  );
  await writeFile(
    join(root, 'catalog', 'sis.yaml'),
    `source: sis
datasets:
  - name: accounts
    namespace: sis
    table: accounts
    key: [id]
    columns:
      - { name: id, type: bigint, privacy: none }
      - { name: bank_account, type: varchar, privacy: secret, treatment: keep }
      - { name: aid_type, type: varchar, privacy: aid }
      - { name: note, type: varchar, privacy: text, treatment: exclude }
      - { name: ssn, type: varchar, privacy: secret, treatment: pseudonym }
      - { name: email, type: varchar, privacy: direct }
`,
  );
  return { ...(await loadCampus(file)), file };
}

it('lists what of the sensitive classes is kept, with the line that says so', async () => {
  const { campus, catalog, file } = await campusWith('\n    aid: keep');

  const kept = await keptColumns(campus, file);
  const findings = await checkKept({ campus, catalog } as DoctorContext);

  expect(
    kept.map(({ column, treatment, decidedAt }) => [column, treatment, decidedAt.split('/').at(-1)]),
  ).toEqual([
    ['bank_account', 'keep', 'sis.yaml:9'],
    ['aid_type', 'keep', 'campus.yaml:13'],
    ['ssn', 'pseudonym', 'sis.yaml:12'],
  ]);
  expect(findings.map(({ status, text }) => [status, text.replace(/^\S*\//, '')])).toEqual([
    ['warn', 'sis.yaml:9: 1 column of class secret kept as they are: sis.accounts.bank_account'],
    ['warn', 'campus.yaml:13: 1 column of class aid kept as they are: sis.accounts.aid_type'],
    ['warn', 'sis.yaml:12: 1 column of class secret kept as pseudonyms: sis.accounts.ssn'],
  ]);
});

it('says that nothing is, where nothing is', async () => {
  const { campus, file } = await campusWith(' {}');
  await writeFile(join(root, 'catalog', 'sis.yaml'), 'source: sis\ndatasets: []\n');

  expect(await keptColumns(campus, file)).toEqual([]);
  expect(await checkKept({ campus } as DoctorContext)).toMatchObject([{ status: 'ok' }]);
});
