import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CampusFileError, CampusUnreadableError } from '../../src/campus/errors.ts';
import { loadCampus } from '../../src/campus/load.ts';
import { PROBLEMS_SHOWN } from '../../src/campus/read-yaml.ts';

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
    password: { env: SIS_PASSWORD }
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'odd-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(name: string, text: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
}

const load = () => loadCampus(folder);

/** What is found wrong, as `file:line text`. */
async function problems(): Promise<string[]> {
  const error = await load().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return [];
  if (!(error instanceof CampusFileError)) throw error;
  return error.problems.map(({ file, line, text }) => `${file.replace(`${folder}/`, '')}:${line} ${text}`);
}

const ofCampus = async (text: string | Buffer) => {
  await put('campus.yaml', text);
  return problems();
};
const changed = (from: string, to: string) => {
  expect(CAMPUS).toContain(from);
  return ofCampus(CAMPUS.replace(from, to));
};

describe('campus.yaml is refused at its own line', () => {
  it.each([
    ['database: sis', 'database: ""', 11, 'sources.sis.database: found ""'],
    ['database: sis', 'database: " "', 11, 'sources.sis.database: found " "'],
    ['database: sis', 'database: |', 11, 'sources.sis.database: found ""'],
    ['user: lake', 'user: "la\\u0000ke"', 12, 'sources.sis.user: found'],
    ['host: db.example.edu', 'host: ""', 10, 'sources.sis.host: found ""'],
    ['host: db.example.edu', 'host: http://db.example.edu', 10, 'without scheme'],
    ['host: db.example.edu', 'host: db.example.edu:5432', 10, 'without scheme, port or user'],
    ['name: Riverbend College', 'name: " "', 1, 'name: found " "'],
    ['SIS_PASSWORD', 'Summer2026hunter2', 13, 'the name of an environment variable, in capitals'],
    ['America/Chicago', 'CST', 2, 'expected an IANA time zone'],
    ['America/Chicago', 'BST', 2, 'expected an IANA time zone'],
    ['    kind: canvas\n', '    kind: canvas\n    jobsPerMinute: 0\n', 6, 'expected a number above 0'],
    ['name: Riverbend', 'lake: .\nname: Riverbend', 1, 'lake: found ".", the folder of campus.yaml'],
    ['name: Riverbend', 'lake: ../..\nname: Riverbend', 1, 'or one above it'],
    ['name: Riverbend', 'lake: catalog\nname: Riverbend', 1, 'shares its folder with catalog'],
    ['name: Riverbend', 'lake: models/lake\nname: Riverbend', 1, 'shares its folder with models'],
    ['name: Riverbend', 'lake: ~/lake\nname: Riverbend', 1, 'expected a folder of this machine'],
    ['name: Riverbend', 'lake: s3://bucket/x\nname: Riverbend', 1, 'expected a folder of this machine'],
    [
      'name: Riverbend',
      'warehouse: { readOnlyUser: lake_owner }\nname: Riverbend',
      1,
      'warehouse.readOnlyUser: found "lake_owner"',
    ],
    [
      'name: Riverbend',
      'warehouse: { readOnlyUser: pg_monitor }\nname: Riverbend',
      1,
      'warehouse.readOnlyUser: found "pg_monitor"',
    ],
    [
      'name: Riverbend',
      'notify: [{ kind: email, host: h, from: nonsense, to: [a@b] }]\nname: Riverbend',
      1,
      'notify[0].from: found "nonsense", expected an e-mail address',
    ],
    [
      'db.example.edu',
      '127.0.0.1\n    port: 5439',
      1,
      'warehouse.port: 5439 is the port of sources.sis on this machine',
    ],
  ])('%s → %s', async (from, to, line, text) => {
    const found = await changed(from, to);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^campus\\.yaml:${line} `));
    expect(found[0]).toContain(text);
    expect(found.join()).not.toContain('hunter2');
  });

  it.each([
    [
      'an alias without its anchor',
      'privacy: *nowhere\n',
      ['14 the alias *nowhere has no anchor &nowhere before it'],
    ],
    ['a merge key', 'privacy:\n  <<: { defaults: {} }\n', ['15 merge keys (<<) are not part of YAML 1.2']],
    [
      'a bracket that is never closed',
      'notify: [\n  { kind: console },\nschedule:\n  at: "02:30"\n',
      ['14 this [ is never closed'],
    ],
    ['a brace that is never closed', 'x: { a: "}", # }\n  b: [1]\ny: 2\n', ['14 this { is never closed']],
    ['a template', 'schedule: {{ schedule }}\n', ['14 a key is a list or a map here']],
    ['a second document', 'lake: .lake\n---\nlake: other\n', ['15 a second document (---) starts here']],
    ['keys after its end', 'lake: .lake\n...\nwarehouse: {}\n', ['16 a second document (---) starts here']],
    ['a template of blocks', '{% if x %}\nschedule: 1\n', ['14 found "{%", which a template has']],
  ])('%s', async (_what, more, expected) => {
    const found = await ofCampus(CAMPUS + more);
    expect(found).toHaveLength(expected.length);
    for (const [i, text] of expected.entries()) expect(found[i]).toContain(`campus.yaml:${text}`);
  });

  it('a merge conflict, and nothing of what follows from it', async () => {
    const found = await ofCampus(`<<<<<<< HEAD\n${CAMPUS}=======\n${CAMPUS}>>>>>>> other\n`);
    expect(found).toEqual([
      'campus.yaml:1 a merge conflict is not resolved: found "<<<<<<<"; keep one of the two sides and take the marks out',
    ]);
  });

  it('aliases that unfold without end, at the first of them', async () => {
    const bomb = Array.from(
      { length: 9 },
      (_, i) => `k${i + 1}: &k${i + 1} [${Array(9).fill(`*k${i}`).join(',')}]`,
    );
    const [found] = await ofCampus(`${CAMPUS}k0: &k0 [x]\n${bomb.join('\n')}\n`);
    expect(found).toContain('campus.yaml:15 not valid YAML: Excessive alias count');
  });

  it('bytes of another encoding', async () => {
    expect(await ofCampus(Buffer.from(`# x\n${CAMPUS.replace('Riverbend', 'Évreux')}`, 'latin1'))).toEqual([
      'campus.yaml:2 the line is not in UTF-8 (Latin-1, perhaps); save the file in that encoding',
    ]);
    expect((await ofCampus(Buffer.from(`\ufeff${CAMPUS}`, 'utf16le')))[0]).toContain(
      'in UTF-16, expected UTF-8',
    );
    expect(await ofCampus(`\ufeff${CAMPUS}`)).toEqual([]);
  });

  it('with as many problems as a person reads, in time that grows with their number', async () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `key${i}: x\n`).join('');
    const found = await ofCampus(CAMPUS + keys);
    expect(found).toHaveLength(PROBLEMS_SHOWN + 1);
    expect(found.at(-1)).toContain(' and 19,950 more problems in this file');
  });
});

describe('What is no file of text', () => {
  it.each([
    ['a folder', () => mkdir(join(folder, 'campus.yaml')), 2, 'it is a folder'],
    [
      'a link to itself',
      () => symlink('campus.yaml', join(folder, 'campus.yaml')),
      2,
      'leads back to itself',
    ],
  ])('such as %s, is told in words', async (_what, make, exitCode, text) => {
    await make();
    const error = await load().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CampusUnreadableError);
    expect(error).toMatchObject({ exitCode, message: expect.stringContaining(text) });
  });

  it('in the catalog is a problem: a link to nothing, while links to folders are not followed', async () => {
    await put('campus.yaml', CAMPUS);
    await put('catalog/canvas.yaml', 'source: canvas\ndatasets: []\n');
    await symlink('nowhere', join(folder, 'catalog/gone.yaml'));
    await symlink('.', join(folder, 'catalog/loop'));
    expect(await problems()).toEqual(['catalog/gone.yaml:1 the link leads to no file']);
  });
});

describe('The catalog', () => {
  const users = (source: string) => `source: ${source}
datasets:
  - name: users
    namespace: canvas
    table: users
    key: [id]
    columns: [{ name: id, type: bigint, privacy: quasi }]
`;

  it('is read at any depth, whatever the case of the ending', async () => {
    await put('campus.yaml', CAMPUS);
    await put('catalog/a/b/c/users.YAML', users('canvas'));
    expect((await load()).catalog.datasets.map(({ id }) => id)).toEqual(['canvas.users']);
  });

  it('is told with both places of a source that has two names', async () => {
    await put('campus.yaml', CAMPUS.replace('  sis:', '  sisx:'));
    await put('catalog/sis.yaml', users('sis'));
    const [found] = await problems();
    expect(found).toContain(
      `catalog/sis.yaml:1 source: campus.yaml has no source "sis", expected canvas (campus.yaml:4) or sisx (campus.yaml:8); did you mean "sisx"?`,
    );
  });
});

describe('A time zone', () => {
  const zone = async (name: string) => {
    await put('campus.yaml', CAMPUS.replace('America/Chicago', name));
    const { campus, warnings } = await load();
    return [campus.timeZone, ...warnings.map(({ line, text }) => `${line} ${text}`)];
  };

  it('without summer time is warned of, with the place that is mostly meant', async () => {
    expect(await zone('EST')).toEqual([
      'EST',
      expect.stringMatching(/^2 timeZone: "EST" never has summer time.* America\/New_York$/),
    ]);
    expect(await zone('Etc/GMT+6')).toEqual(['Etc/GMT+6', expect.stringContaining('America/Chicago')]);
    expect(await zone('Etc/GMT-3')).toHaveLength(2);
  });

  it('is kept by its own name, and corrected in its letters', async () => {
    for (const name of ['America/Chicago', 'Asia/Kolkata', 'US/Central', 'UTC', 'America/Phoenix', 'CET'])
      expect(await zone(name)).toEqual([name]);
    expect(await zone('america/chicago')).toEqual(['America/Chicago']);
    expect(await zone('utc')).toEqual(['UTC']);
  });
});
