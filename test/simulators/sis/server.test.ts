import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SisSimulator, startSisSimulator } from '../../../src/simulators/sis/server.ts';
import { VirtualClock } from '../../../src/simulators/virtual-clock.ts';
import { ADVISING, collegeOf, DAY, OPENS, PERSON, person } from './small-college.ts';

describe('The simulated SIS', () => {
  const clock = new VirtualClock(OPENS);
  let directory: string;
  let sis: SisSimulator;
  let lake: pg.Client;
  const college = collegeOf(
    [ADVISING, PERSON],
    new Map([
      [
        PERSON,
        [
          { at: OPENS - 2, op: 'U', row: person(1n) },
          { at: OPENS - 1, op: 'U', row: person(1n, { note: 'tab\there\nnext \\N line' }) },
          { at: OPENS - 1, op: 'U', row: person(9_007_199_254_740_993n, { full_name: '李 小龍 🎓' }) },
          { at: OPENS + DAY, op: 'U', row: person(2n, { note: '' }) },
          {
            at: OPENS + 2 * DAY,
            op: 'U',
            row: person(1n, { balance: null, languages: null, preferences: null }),
          },
          { at: OPENS + 3 * DAY, op: 'D', row: { person_id: 2n } },
        ],
      ],
      [
        ADVISING,
        [
          { at: OPENS + DAY, op: 'U', row: { student_id: 2n, advisor_id: 1n } },
          { at: OPENS + 3 * DAY - 1, op: 'D', row: { student_id: 2n, advisor_id: 1n } },
        ],
      ],
    ]),
  );

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'sis-simulator-'));
    await chmod(directory, 0o755);
    sis = await startSisSimulator({ college, clock, directory });
    const { host, port, database, user, password } = sis;
    lake = new pg.Client({ host, port, database, user, password });
    await lake.connect();
  });

  afterAll(async () => {
    await lake?.end();
    await sis?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const people = async () =>
    (await lake.query('SELECT person_id::text, full_name, note FROM person.person ORDER BY person_id')).rows;

  it('shows the state at the clock, with every value exact', async () => {
    const { rows } = await lake.query(
      `SELECT person_id::text, full_name, born::text, languages, preferences, balance::text,
              extract(epoch FROM changed_at)::bigint::text AS seconds, note
       FROM person.person ORDER BY person_id`,
    );

    expect(rows).toEqual([
      {
        person_id: '1',
        full_name: 'Person 1',
        born: '2004-02-29',
        languages: ['English', 'Español, "casi"', 'back\\slash'],
        preferences: { theme: 'dark', sizes: [1, 2], deep: { none: null } },
        balance: '12.30',
        seconds: String(OPENS / 1000),
        note: 'tab\there\nnext \\N line',
      },
      expect.objectContaining({ person_id: '9007199254740993', full_name: '李 小龍 🎓' }),
    ]);
  });

  it('gives the lake a user who may read and nothing else', async () => {
    await expect(lake.query('DELETE FROM person.person')).rejects.toThrow(/read-only|permission denied/);
    await lake.query('SET default_transaction_read_only = off');
    await expect(lake.query('DELETE FROM person.person')).rejects.toThrow(/permission denied/);
  });

  it('follows the clock: inserts, updates and deletes, references kept', async () => {
    clock.advanceTo(OPENS + DAY);
    await sis.advance();
    expect(await people()).toContainEqual({ person_id: '2', full_name: 'Person 2', note: '' });

    clock.advanceTo(OPENS + 10 * DAY);
    await Promise.all([sis.advance(), sis.advance()]);
    const { rows } = await lake.query(
      'SELECT balance, languages, preferences FROM person.person WHERE person_id = 1',
    );

    expect((await people()).map((row) => row.person_id)).toEqual(['1', '9007199254740993']);
    expect(rows).toEqual([{ balance: null, languages: null, preferences: null }]);
    expect((await lake.query('SELECT * FROM registrar.advising')).rows).toEqual([]);
  });

  it('describes its keys and references to whoever asks', async () => {
    const { rows } = await lake.query(
      `SELECT conrelid::regclass::text AS of, pg_get_constraintdef(oid) AS is FROM pg_constraint
       WHERE contype IN ('p', 'f') AND connamespace::regnamespace::text IN ('person', 'registrar')
       ORDER BY 1, 2`,
    );

    expect(rows).toEqual([
      { of: 'person.person', is: 'PRIMARY KEY (person_id)' },
      ...['advisor_id', 'student_id'].map((column) => ({
        of: 'registrar.advising',
        is: `FOREIGN KEY (${column}) REFERENCES person.person(person_id) DEFERRABLE INITIALLY DEFERRED`,
      })),
      { of: 'registrar.advising', is: 'PRIMARY KEY (student_id, advisor_id)' },
    ]);
  });
});
