import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CampusFileError } from '../../src/campus/errors.ts';
import { type LoadedCampus, loadCampus } from '../../src/campus/load.ts';
import { readHeader } from '../../src/models/header.ts';

const CAMPUS = `name: Riverbend College
timeZone: America/Chicago
sources:
  canvas: { kind: canvas, clientId: { env: A }, clientSecret: { env: B }, downloads: 3 }
  sis: { kind: postgres, host: db.example.edu, database: sis, user: lake, password: { env: C }, connections: 2 }
warehouse: { readers: reports, statementMinutes: 5, idleMinutes: 7 }
ledger: { stepDays: 30 }
raw: { days: 40 }
privacy:
  key: { env: D }
  defaults: { direct: leave_behind, quasi: leave_behind }
aws:
  emails: [team@riverbend.example]
  logDays: 60
  spark: { minutes: 30 }
  network: { range: 10.9.0.0/22, vpn: { gateway: 203.0.113.9, ranges: [10.0.0.0/16] } }
`;

const CATALOG = `source: sis
datasets:
  - name: students
    namespace: registrar
    table: students
    key: [id]
    columns:
      - { name: id, type: varchar, privacy: education, treatment: pseudonym, pseudonymKind: person }
      - { name: phone, type: varchar, privacy: education, treatment: leave_behind }
      - { name: term, type: varchar, privacy: none, whyNone: a printed list }
    checks:
      - { kind: row_count, dropPercent: 10 }
`;

/** Every old name and its new one. */
const NAMES: readonly [string, string][] = [
  ['downloads', 'concurrentDownloads'],
  ['connections', 'maxConnections'],
  ['readers', 'readOnlyUser'],
  ['statementMinutes', 'statementTimeoutMinutes'],
  ['idleMinutes', 'idleTimeoutMinutes'],
  ['stepDays', 'stepRetentionDays'],
  ['raw: { days', 'raw: { retentionDays'],
  ['leave_behind', 'exclude'],
  ['emails', 'alarmEmails'],
  ['logDays', 'logRetentionDays'],
  ['spark: { minutes', 'spark: { timeoutMinutes'],
  ['range:', 'cidr:'],
  ['ranges', 'cidrs'],
  ['pseudonymKind', 'pseudonymNamespace'],
  ['whyNone', 'privacyReason'],
  ['dropPercent', 'maxDropPercent'],
];
const today = (text: string) => NAMES.reduce((read, [old, now]) => read.replaceAll(old, now), text);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renamed-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function load(campus: string, catalog: string): Promise<LoadedCampus> {
  await mkdir(join(folder, 'catalog'), { recursive: true });
  await writeFile(join(folder, 'campus.yaml'), campus);
  await writeFile(join(folder, 'catalog', 'sis.yaml'), catalog);
  return loadCampus(folder);
}

const problemsOf = (campus: string, catalog: string): Promise<string[]> =>
  load(campus, catalog).then(
    () => [],
    (error: CampusFileError) => error.problems.map(({ line, column, text }) => `${line}:${column} ${text}`),
  );

it('are read as the keys of today: the same configuration', async () => {
  const old = await load(CAMPUS, CATALOG);
  const now = await load(today(CAMPUS), today(CATALOG));
  expect(old.campus).toEqual(now.campus);
  expect(old.catalog.datasets).toEqual(now.catalog.datasets);
  expect(now.oldNames).toEqual([]);
});

it('are warned of by file, old and new name, each once a file', async () => {
  const { oldNames, warnings } = await load(CAMPUS, CATALOG);
  expect(warnings).toEqual(expect.arrayContaining([...oldNames]));
  const lines = oldNames.map(({ file, line, text }) => `${file.slice(folder.length + 1)}:${line} ${text}`);
  expect(lines).toHaveLength(NAMES.length + 1); // one of them is in both files
  expect(lines).toContain(
    'campus.yaml:11 "leave_behind" is now called "exclude" (2 times in this file); the old name is still read',
  );
  expect(lines).toContain('campus.yaml:6 "readers" is now called "readOnlyUser"; the old name is still read');
  expect(lines).toContain(
    'catalog/sis.yaml:12 "dropPercent" is now called "maxDropPercent"; the old name is still read',
  );
});

it('are a mistake beside the new ones', async () => {
  const both = CAMPUS.replace('{ stepDays: 30 }', '{ stepDays: 30, stepRetentionDays: 30 }');
  expect(await problemsOf(both, CATALOG)).toEqual([
    '7:11 both "stepDays" and "stepRetentionDays" are given, two names of one key; keep "stepRetentionDays"',
  ]);
});

it('keep their place in what is wrong with their values', async () => {
  expect(await problemsOf(CAMPUS.replace('stepDays: 30', 'stepDays: often'), CATALOG)).toEqual([
    '7:21 ledger.stepRetentionDays: found "often", expected a number',
  ]);
});

it('are read in the checks of a model, too', () => {
  const header = (check: string) => readHeader(`-- check: { kind: row_count, ${check} }\nSELECT 1`);
  const { checks, oldNames } = header('dropPercent: 10');
  expect(checks).toEqual([{ kind: 'row_count', maxDropPercent: 10 }]);
  expect(oldNames).toEqual([expect.objectContaining({ old: 'dropPercent', now: 'maxDropPercent' })]);
  expect(header('maxDropPercent: 10')).not.toHaveProperty('oldNames');
  expect(() => header('dropPercent: 10, maxDropPercent: 10')).toThrow(
    /both "dropPercent" and "maxDropPercent"/,
  );
});
