import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askEach, lineOf } from '../../../bin/privacy/ask.ts';
import { columnsToReview, writeDecisions } from '../../../src/app/privacy/review-columns.ts';
import { CampusFileError } from '../../../src/campus/errors.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { InputError } from '../../../src/errors.ts';

const CATALOG = `# the registrar's own words
source: sis
datasets:
  - name: people
    namespace: public
    table: people
    key: [id]
    columns:
      - { name: id, type: integer, privacy: none } # proposed
      - { name: nick, type: varchar, privacy: direct } # proposed: a person's name; asked in May
      - { name: house, type: varchar, privacy: quasi } # proposed: describes a person
      - { name: email, type: varchar, privacy: direct } # proposed: an e-mail address
      - { name: ssn, type: varchar, privacy: secret } # decided
  - name: logins
    namespace: public
    table: logins
    key: [login]
    load: off
    columns:
      - { name: login, type: varchar, privacy: direct } # proposed: an id
`;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'review-'));
  await mkdir(join(folder, 'catalog'));
  file = join(folder, 'catalog/sis.yaml');
  await writeFile(file, CATALOG);
  const sis = '{ kind: postgres, host: h, database: d, user: u, password: { env: P } }';
  await writeFile(join(folder, 'campus.yaml'), `name: x\ntimeZone: UTC\nsources: { sis: ${sis} }\n`);
});
afterEach(() => rm(folder, { recursive: true }));

const review = async (request = {}) => columnsToReview(await loadCampus(folder), request);

it('lists what looks sensitive and nobody has decided on, with what becomes of it and why', async () => {
  expect((await review()).map(lineOf)).toEqual([
    "sis.people.nick varchar: direct, kept (a person's name)",
    'sis.people.house varchar: quasi, kept (describes a person)',
    'sis.people.email varchar: direct, kept (an e-mail address)',
    'sis.logins.login varchar, in the key: direct, kept (an id)',
  ]);
  expect((await review({ classes: ['none'] })).map(({ column }) => column)).toEqual(['id']);
  expect((await review({ tables: ['sis.log*'] })).map(({ loaded }) => loaded)).toEqual([false]);
});

it('takes decisions in a terminal, and writes nothing else than they say', async () => {
  const answers = ['what?', 'a', 'none', 'the name of a building', 'r', 'q'];
  const shown: string[] = [];
  const ask = async () => answers.shift();
  const decisions = await askEach(await review(), ask, (text) => shown.push(text));
  expect(await writeDecisions(await loadCampus(folder), folder, decisions)).toHaveLength(1);
  expect(await readFile(file, 'utf8')).toBe(
    CATALOG.replace("# proposed: a person's name; asked in May", '# asked in May')
      .replace(
        'privacy: quasi } # proposed: describes a person',
        'privacy: none, privacyReason: "the name of a building" }',
      )
      .replace('privacy: direct } # proposed: an e-mail address', 'privacy: direct, treatment: exclude }'),
  );
  expect((await review()).map(({ column }) => column)).toEqual(['login']);
});

it('accepts a whole table at once, and stops where the input ends', async () => {
  const answers = ['t'];
  const decisions = await askEach(
    await review(),
    async () => answers.shift(),
    () => {},
  );
  expect(decisions.map(({ column }) => column)).toEqual(['nick', 'house', 'email']);
});

it('refuses a column that is not there, and what the catalog could not be loaded with: nothing is written', async () => {
  const loaded = await loadCampus(folder);
  const decide = (column: string, dataset = 'sis.people') =>
    writeDecisions(loaded, folder, [{ dataset, column, decision: 'refuse' }]);
  await expect(decide('shoe')).rejects.toThrow(InputError);
  await expect(decide('id')).rejects.toThrow(CampusFileError); // the key
  expect(await readFile(file, 'utf8')).toBe(CATALOG);
});
