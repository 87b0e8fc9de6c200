import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CampusFileError, CampusMissingError, UnknownDatasetError } from '../../src/campus/errors.ts';
import { loadCampus } from '../../src/campus/load.ts';

const CAMPUS = `name: Riverbend College
timeZone: America/Chicago
sources:
  canvas:
    kind: canvas
    clientId: { env: CANVAS_CLIENT_ID }
    clientSecret: { env: CANVAS_CLIENT_SECRET }
  sis:
    kind: postgres
    host: db.example.edu
    database: sis
    user: lake
    password: { file: sis.password }
`;

const USERS = `source: canvas
datasets:
  - name: users
    namespace: canvas
    table: users
    key: [id]
    priority: 9
    columns:
      - { name: id, type: bigint, privacy: quasi }
      - { name: name, type: varchar, privacy: direct }
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campus-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** The problems that loading these files meets, as `file:line:column  text` with file relative to the campus. */
async function problems(files: Record<string, string>): Promise<string[]> {
  await write({ 'campus.yaml': CAMPUS, ...files });
  const error = await loadCampus(folder).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (error === undefined) return [];
  if (!(error instanceof CampusFileError)) throw error;
  expect(error.exitCode).toBe(2);
  return error.problems.map((p) => `${p.file.replace(`${folder}/`, '')}:${p.line}:${p.column}  ${p.text}`);
}

describe('a valid campus', () => {
  it('is loaded with its defaults, its folder and its datasets, most wanted first', async () => {
    await write({
      'campus.yaml': CAMPUS,
      'catalog/canvas.yaml': `${USERS}${USERS.split('datasets:\n')[1]!.replaceAll('users', 'terms').replace('priority: 9', 'load: incremental')}`,
      'catalog/sis/people.yaml': USERS.replace('source: canvas', 'source: sis').replace(
        'priority',
        'load: off\n    priority',
      ),
    });
    const { campus, catalog } = await loadCampus(join(folder, 'campus.yaml'));
    expect(campus.root).toBe(folder);
    expect(campus.sources.sis).toMatchObject({ kind: 'postgres', port: 5432, ssl: 'verify-full' });
    expect(catalog.datasets.map((d) => d.id)).toEqual(['canvas.users', 'canvas.terms', 'sis.users']);
    expect(catalog.of('canvas').map((d) => d.id)).toEqual(['canvas.users', 'canvas.terms']);
    expect(catalog.of('sis')).toEqual([]);
    expect(catalog.get('sis.users')).toMatchObject({ source: 'sis', name: 'users', key: ['id'] });
  });

  it('answers an unknown dataset with the nearest one', async () => {
    await write({ 'campus.yaml': CAMPUS, 'catalog/canvas.yaml': USERS });
    const { catalog } = await loadCampus(folder);
    expect(() => catalog.get('canvas.user')).toThrow(UnknownDatasetError);
    expect(() => catalog.get('canvas.user')).toThrow('did you mean "canvas.users"?');
  });

  it('may have no catalog yet', async () => {
    await write({ 'campus.yaml': CAMPUS });
    expect((await loadCampus(folder)).catalog.datasets).toEqual([]);
  });
});

describe('a campus that is not there', () => {
  it('is answered with the command that makes one', async () => {
    const error = await loadCampus(folder).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CampusMissingError);
    expect((error as CampusMissingError).hint).toContain('lake init');
  });
});

describe('campus.yaml', () => {
  const broken = (from: string | RegExp, to: string) => problems({ 'campus.yaml': CAMPUS.replace(from, to) });

  it.each([
    [
      'an unknown key',
      'timeZone',
      'timezone',
      [
        '1:1  timeZone: missing (IANA time zone of the campus); expected text',
        '2:1  unknown key "timezone"; did you mean "timeZone"?',
      ],
    ],
    [
      'an unknown key far from every known one',
      'host: db',
      'colour: db',
      [
        '9:5  sources.sis.host: missing; expected text',
        '10:5  sources.sis: unknown key "colour", expected one of kind, host, port, database, user, password, ssl, replication, overInternet, schemas, tableMappings, maxConnections, maxLobKb, encoding, publication, heartbeat',
      ],
    ],
    [
      'a word that is not among the allowed ones',
      'kind: postgres',
      'kind: postgre',
      [
        '9:11  sources.sis.kind: found "postgre", expected canvas, postgres, oracle, sqlserver or mysql; did you mean "postgres"?',
      ],
    ],
    [
      'a value of another type',
      'database: sis',
      'database: 7',
      ['11:15  sources.sis.database: found 7, expected text (put it in quotes)'],
    ],
    [
      'a time zone with a slip',
      'America/Chicago',
      'America/Chcago',
      [
        '2:11  timeZone: found "America/Chcago", expected an IANA time zone such as America/Chicago; did you mean "America/Chicago"?',
      ],
    ],
    [
      'a doubled key',
      'user: lake',
      'host: x\n    user: lake',
      ['12:5  the key "host" is given twice; keep one of them'],
    ],
    [
      'text that is not YAML',
      'name: Riverbend',
      'name: [Riverbend',
      ['1:7  this [ is never closed, expected ] further on'],
    ],
    [
      'a source with a reserved name',
      '  sis:',
      '  ops:',
      [
        '8:3  sources: the name "ops" is taken by a database of the lake itself, expected another, such as "canvas" or "sis"',
      ],
    ],
    [
      'a source whose name cannot be a database, and what is wrong below it',
      /sis:\n {4}kind: postgres/,
      'SIS:\n    kind: postgre',
      [
        '8:3  sources.SIS: the name "SIS" is not allowed, expected lower-case letters, digits and _, starting with a letter',
        '9:11  sources.SIS: kind: found "postgre", expected canvas, postgres, oracle, sqlserver or mysql; did you mean "postgres"?',
      ],
    ],
    [
      'a mapping file that is not there',
      'user: lake',
      'user: lake\n    tableMappings: rules.json',
      [
        '13:20  sources.sis.tableMappings: there is no file rules.json, expected one relative to campus.yaml; leave the line out to load what the catalog lists',
      ],
    ],
  ])('with %s', async (_what, from, to, expected) => {
    expect(await broken(from, to)).toEqual(expected.map((e) => `campus.yaml:${e}`));
  });

  it.each([
    ['in place of its reference', 'password: { file: sis.password }', 'password: hunter2-hunter2'],
    ['as the name of a variable', 'password: { file: sis.password }', 'password: { env: hunter2-hunter2 }'],
    ['under a wrong key', 'password: { file: sis.password }', 'password: { value: hunter2-hunter2 }'],
    ['inside an address', 'kind: canvas', 'kind: canvas\n    url: https://me:hunter2-hunter2@x.org'],
  ])('refuses a secret %s and does not repeat it', async (_what, from, to) => {
    const found = await broken(from, to);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join()).not.toContain('hunter2');
    expect(found.join()).toMatch(/\{ env: NAME \}|environment variable|not shown/);
  });
});

describe('the catalog', () => {
  const broken = (from: string | RegExp, to: string) =>
    problems({ 'catalog/canvas.yaml': USERS.replace(from, to) });

  it.each([
    [
      'a type of another database',
      'type: varchar',
      'type: text',
      [
        '10:29  datasets[users].columns[name].type: found "text", expected a type of the lake: boolean, integer, bigint, real, double, varchar, varbinary, date, time, timestamp or decimal(p,s); did you mean "varchar"?',
      ],
    ],
    [
      'an unknown class',
      'privacy: direct',
      'privacy: drect',
      [
        '10:47  datasets[users].columns[name].privacy: found "drect", expected none, direct, quasi, education, special, aid, text, log or secret; did you mean "direct"?',
      ],
    ],
    [
      'a source that campus.yaml lacks',
      'source: canvas',
      'source: canvs',
      [
        '1:9  source: campus.yaml has no source "canvs", expected canvas (campus.yaml:4) or sis (campus.yaml:8); did you mean "canvas"?',
      ],
    ],
    [
      'a key column that is not there',
      'key: [id]',
      'key: [idd]',
      [
        '6:11  datasets[users].key: there is no column "idd", expected one of its columns; did you mean "id"?',
      ],
    ],
    [
      'a column described twice',
      'name: name',
      'name: id',
      ['10:17  datasets[users].columns[id]: the column is described twice; keep one'],
    ],
    [
      'promises that are no sentences, or the same twice',
      'key: [id]',
      `key: [id]
    objectives:
      - freshness 26h
      - freshness: 30h
      - 26h in 99 %
      - freshness 30h, 95%`,
      [
        '9:9  datasets[users].objectives[1]: found a map of keys, expected text',
        '10:9  datasets[users].objectives[2]: found "26h in 99 %", expected a promise: freshness 26h, 99% over 28d; by 07:00 on school days, 95% over 90d; checks pass, 99.9%',
      ],
    ],
    [
      'a promise twice',
      'key: [id]',
      'key: [id]\n    objectives: [freshness 26h, checks pass, "freshness 30h, 95%"]',
      [
        '7:46  datasets[users].objectives[2]: objectives[0] promises this already; keep one, or write the second as an objective with a name of its own',
      ],
    ],
    [
      'a promise about a table that is not loaded',
      'key: [id]',
      'key: [id]\n    load: off\n    objectives: [checks pass]',
      [
        '8:5  datasets[users].objectives: the table is not loaded (load: off), so nothing can be promised of it',
      ],
    ],
    [
      'a key that would be excluded',
      'privacy: quasi',
      'privacy: secret',
      [
        '9:44  datasets[users].columns[id]: the key cannot be excluded (class secret); expected treatment keep or pseudonym',
      ],
    ],
    [
      'a pseudonym without a key in campus.yaml',
      'privacy: direct',
      'privacy: direct, treatment: pseudonym',
      [
        '10:66  datasets[users].columns[name]: a pseudonym needs a secret key; expected privacy.key in campus.yaml, such as { env: PRIVACY_KEY }',
      ],
    ],
    [
      'a mask for other types',
      'privacy: direct',
      'privacy: direct, mask: band 5',
      [
        '10:61  datasets[users].columns[name]: band 5 takes integer, bigint, real, double, decimal, and the column is varchar',
      ],
    ],
    [
      'days shifted by a column that there is not',
      'privacy: direct',
      'privacy: direct, mask: shift 9 by idd',
      [
        '10:61  datasets[users].columns[name]: shift 9 by idd takes date, timestamp, and the column is varchar',
        '10:61  datasets[users].columns[name]: there is no column "idd"; did you mean "id"?',
        '10:61  datasets[users].columns[name]: shifted dates need a secret key; expected privacy.key in campus.yaml, such as { env: PRIVACY_KEY }',
      ],
    ],
    [
      'days shifted by themselves',
      'privacy: direct',
      'privacy: direct, mask: shift 9 by name',
      [
        '10:61  datasets[users].columns[name]: shift 9 by name takes date, timestamp, and the column is varchar',
        '10:61  datasets[users].columns[name]: dates are shifted by the id of a person, as varchar, integer, bigint and not masked itself',
        '10:61  datasets[users].columns[name]: shifted dates need a secret key; expected privacy.key in campus.yaml, such as { env: PRIVACY_KEY }',
      ],
    ],
    [
      'a mask beside a treatment',
      'privacy: direct',
      'privacy: direct, mask: redact, treatment: keep',
      ['10:61  datasets[users].columns[name]: it has a mask and the treatment keep; keep one of both'],
    ],
    [
      'a masked key',
      'privacy: quasi',
      'privacy: quasi, mask: band 10',
      [
        '9:57  datasets[users].columns[id]: the key cannot be masked, since rows would fall together; expected treatment keep or pseudonym',
      ],
    ],
    [
      'a namespace that is not read',
      'namespace: canvas',
      'namespace: canvas_log',
      [
        '4:16  datasets[users].namespace: found "canvas_log", expected one that sources.canvas.namespaces lists: canvas, canvas_logs; did you mean "canvas_logs"?',
      ],
    ],
    [
      'changes of a table without a key',
      'key: [id]',
      'key: []\n    load: incremental',
      [
        '7:11  datasets[users].load: found "incremental" on a table without a key, expected "snapshot", or a key: changes are merged by it',
      ],
    ],
    [
      'a secret',
      'key: [id]',
      'key: [id]\n    password: hunter2',
      [
        '7:5  datasets[users]: unknown key "password"; a secret never belongs in this file: take it out, and change it',
      ],
    ],
  ])('with %s', async (_what, from, to, expected) => {
    expect(await broken(from, to)).toEqual(expected.map((e) => `catalog/canvas.yaml:${e}`));
  });

  it('with a dataset, or its table, described twice in two files', async () => {
    const found = await problems({
      'catalog/canvas.yaml': USERS,
      'catalog/more.yaml': USERS.replace('name: users', 'name: people'),
      'catalog/other.yaml': USERS.replace('table: users', 'table: people'),
    });
    expect(found).toEqual([
      expect.stringMatching(
        /^catalog\/more.yaml:5:12 {2}datasets\[people\]: the table canvas.users is described twice, first in .*canvas.yaml, datasets\[users\]; keep one$/,
      ),
      expect.stringMatching(
        /^catalog\/other.yaml:3:11 {2}datasets\[users\]: the dataset canvas.users is described twice/,
      ),
    ]);
  });
});

it('tells every problem of every file at once', async () => {
  const found = await problems({
    'campus.yaml': CAMPUS.replace('America/Chicago', 'Chicago').replace('user: lake', 'usr: lake'),
    'catalog/a.yaml': USERS.replace('key: [id]', 'key: id'),
    'catalog/b.yaml': 'source: [',
    'catalog/c.yaml': USERS.replace('source: canvas', 'source: sis').replace('key: [id]', 'key: [nr]'),
  });
  expect(found.map((f) => f.split(':')[0])).toEqual([
    'campus.yaml',
    'campus.yaml',
    'campus.yaml',
    'catalog/a.yaml',
    'catalog/b.yaml',
    'catalog/c.yaml',
  ]);
});
