import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessRules } from '../../../src/access/rules.ts';
import { accessLog, verifyLog } from '../../../src/app/access/access-log.ts';
import { exportParquet, queryLake } from '../../../src/app/query/query-lake.ts';
import { listTables } from '../../../src/app/tables/list-tables.ts';
import { publish } from '../../../src/pipeline/publication.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import { LedgerUnusableError } from '../../../src/ports/errors.ts';
import type { LedgerStore } from '../../../src/ports/ledger.ts';
import type { Session } from '../../../src/ports/session.ts';
import {
  COLLEGE,
  KNOWN,
  type OpenCollege,
  openCollege,
  POLICY,
  readPolicy,
  sessionOf,
} from '../../access/college.ts';
import { lakeOf } from '../../lake-of.ts';

const ADMIN: Session = { principal: 'ada', role: 'administrator', attributes: {}, purpose: 'command line' };
let college: OpenCollege;
let ledger: LedgerStore;
let test = 0;
beforeAll(async () => {
  college = await openCollege();
});
beforeEach(async () => {
  ledger = openLocalLedger(join(college.lake.root, `ledger-${++test}`));
  const objects = openLocalObjects(college.lake.root);
  const at = '2026-10-09T11:00:00.000Z';
  await publish(
    { ledger, objects: await objects },
    { id: 'r1', run: 'r1', at, asOf: at, tables: college.tables, facts: {} },
  );
});
afterAll(() => college.lake.close());

async function lake(session: Session, through: LedgerStore = ledger) {
  const datasets = Object.entries(COLLEGE).map(([id, { columns }]) => ({
    id,
    columns: columns.map(([name, type, privacy]) => ({ name, type, privacy })),
  }));
  return lakeOf({
    session,
    access: accessRules(readPolicy(POLICY).policy!, KNOWN),
    catalog: { datasets },
    platform: {
      target: 'local',
      clock: { now: () => Date.parse('2026-10-09T12:00:00Z') },
      ledger: through,
      objects: await openLocalObjects(college.lake.root),
      engine: college.lake.engine,
    },
  });
}

async function ask(session: Session, sql: string, through?: LedgerStore): Promise<unknown[][]> {
  const answer = await queryLake(await lake(session, through), { sql });
  const rows: unknown[][] = [];
  for await (const batch of answer.batches()) rows.push(...batch);
  return rows;
}

const log = async (student?: string[]) => accessLog({ platform: { ledger } }, student ? { student } : {});

describe('Every answer is on record', () => {
  it('with who, as what, what for, which columns, how many rows and people', async () => {
    await ask(
      sessionOf('adviser F1'),
      "SELECT person_id, email FROM sis.persons WHERE name <> 'nobody at all'",
    );
    const [one] = await log();
    expect(one).toMatchObject({
      at: '2026-10-09T12:00:00.000Z',
      channel: 'query',
      outcome: 'answered',
      principal: 'F1',
      role: 'adviser',
      purpose: 'advising',
      tables: ['sis.persons'],
      columns: 'sis.persons(person_id name email)',
      rows: 2,
      people: 2,
    });
    expect(one!.policy).toMatch(/^[0-9a-f]{16}$/);
  });

  it('before a row of it is given out', async () => {
    const answer = await queryLake(await lake(ADMIN), {
      sql: 'SELECT a.person_id FROM sis.persons a, sis.persons b, sis.persons c, sis.persons d, sis.persons e, sis.persons f',
    });
    const batches = answer.batches()[Symbol.asyncIterator]();
    await batches.next();
    expect((await log())[0]).toMatchObject({ outcome: 'begun' });
    await batches.return?.();
    expect(await log()).toMatchObject([{ outcome: 'stopped', people: 6 }]);
  });

  it('and so are refusals, with the code of the reason', async () => {
    await expect(ask(sessionOf('adviser F1'), 'SELECT born FROM sis.persons')).rejects.toThrow();
    await expect(ask(sessionOf('student S1'), 'SELECT * FROM sis.advising')).rejects.toThrow();
    await expect(ask(ADMIN, 'SELEC')).rejects.toThrow();
    expect(await log()).toMatchObject([
      { outcome: 'refused', principal: 'ada' },
      { outcome: 'refused', principal: 'S1', tables: ['sis.advising'] },
      { outcome: 'refused', principal: 'F1', reason: 'sql-unknown-column', columns: 'sis.persons(born)' },
    ]);
  });

  it('and so is a file, with where it went', async () => {
    const path = join(college.lake.root, 'out.parquet');
    await exportParquet(await lake(sessionOf('student S1')), { sql: 'SELECT grade FROM sis.grades' }, path);
    expect(await log()).toMatchObject([
      { channel: 'export', outcome: 'answered', rows: 2, destination: path },
    ]);
  });

  it('in rows that hold no literal of a question and no id of a person, and cannot be changed unseen', async () => {
    await ask(
      ADMIN,
      "SELECT person_id FROM sis.persons WHERE ssn = '333 44 5555' OR person_id IN ('S1', 'S4') -- S2 asks",
    );
    await expect(ask(ADMIN, `SELECT "123-45-6789" FROM sis.persons`)).rejects.toThrow();
    const stored = JSON.stringify(await ledger.rows('access'));
    for (const secret of ['333 44 5555', "'S1'", '"S1"', '"S4"', 'S2 asks', '123-45-6789'])
      expect(stored).not.toContain(secret);
    expect((await verifyLog({ platform: { ledger } }, 'access')).faults).toEqual([]);
  });
});

describe('A person reads who looked at their record', () => {
  it('by the rows that were shown, by what the question named, and where nobody can tell', async () => {
    await ask(sessionOf('adviser F1'), 'SELECT person_id, email FROM sis.persons');
    await ask(ADMIN, "SELECT grade FROM sis.grades WHERE student_id = 's4 '");
    await ask(ADMIN, 'SELECT name FROM sis.persons');
    await ask(ADMIN, "SELECT student_id, grade FROM sis.grades WHERE student_id = 'F2'");
    const about = async (id: string) => (await log([id])).map((one) => one.about);
    expect(await about('S1')).toEqual(['possibly', 'shown']);
    expect(await about('S4')).toEqual(['possibly', 'named']);
    expect(await about('F2')).toEqual(['shown', 'possibly']);
    expect(await about('S9')).toEqual(['possibly']);
    await expect(about(' ')).rejects.toThrow('An empty id names nobody.');
  });

  it('a masked id stands for nobody', async () => {
    await ask(sessionOf('analyst'), 'SELECT student_id, grade FROM sis.grades');
    expect(await log()).toMatchObject([{ rows: 4, people: undefined }]);
    expect(await log(['S1'])).toMatchObject([{ about: 'possibly' }]);
  });
});

it('a role is told of no table but its own, and not how many rows others see', async () => {
  const listed = await listTables(await lake(sessionOf('student S1')));
  expect(listed.map(({ table, rows }) => [table, rows])).toEqual([
    ['sis.grades', Number.NaN],
    ['sis.persons', Number.NaN],
  ]);
});

describe('A lake that cannot be written', () => {
  const full = (): LedgerStore => ({
    ...ledger,
    write: () =>
      Promise.reject(
        new LedgerUnusableError('The ledger cannot be used: the disk is full.', { hint: 'free some' }),
      ),
  });

  it('answers no role', async () => {
    await ask(ADMIN, 'SELECT count(*) FROM sis.persons');
    await expect(ask(sessionOf('student S1'), 'SELECT grade FROM sis.grades', full())).rejects.toThrow(
      'The role student gets no answer, since it cannot be put on record.',
    );
  });

  it('answers the administrator, and says so', async () => {
    const answer = await queryLake(await lake(ADMIN, full()), { sql: 'SELECT count(*) FROM sis.persons' });
    for await (const rows of answer.batches()) expect(rows).toHaveLength(1);
    expect(answer.remarks.map(({ code }) => code)).toEqual(['not-on-record']);
  });
});
