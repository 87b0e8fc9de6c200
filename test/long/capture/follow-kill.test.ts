import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SisFixture, startSisFixture } from '../../platform/local/replication/sis-fixture.ts';
import { type FollowedCampus, openFollowedCampus } from './followed-campus.ts';
import { apply, CREATE, TABLES, type Table, transaction } from './random-changes.ts';

const KILLS = Number(process.env.FOLLOW_KILLS ?? 60);
const SEED = Number(process.env.FOLLOW_SEED ?? 20_261_201);

/** What happens while the program follows. */
const times = fc.record({
  before: fc.array(transaction, { maxLength: 4 }),
  meanwhile: fc.array(transaction, { maxLength: 8 }),
  /** Milliseconds from the first word of the program until it is killed. */
  after: fc.integer({ min: 0, max: 2500 }),
  accident: fc.constantFrom('none', 'none', 'none', 'cut off', 'slot dropped', 'a run'),
});

const COLUMNS: Readonly<Record<Table, Readonly<Record<string, string>>>> = {
  plain: { id: 'integer', v: 'varchar' },
  worded: { code: 'varchar', nr: 'integer', v: 'varchar' },
  whole: { id: 'integer', v: 'varchar' },
  parted: { id: 'integer', kind: 'integer', v: 'varchar' },
  long: { id: 'integer', v: 'varchar', big: 'varchar' },
};

const MODEL = `-- description: how many rows there are
-- grain: kind
-- owner: Data team
-- refresh: live
-- column kind (none): what they are
-- column n (none): how many
SELECT 'plain' AS kind, count(*) AS n FROM sis.c_plain`;

describe('Following that is killed', () => {
  let sis: SisFixture;
  let campus: FollowedCampus;

  beforeAll(async () => {
    sis = await startSisFixture({
      wal_level: 'logical',
      max_slot_wal_keep_size: '256MB',
      log_statement: 'none',
    });
    await sis.admin.query(`ALTER ROLE lake SUPERUSER; ${CREATE}`);
    campus = await openFollowedCampus(
      sis.source,
      (Object.keys(TABLES) as Table[]).map((table) => ({
        schema: 'c',
        table,
        key: TABLES[table].split(', '),
        columns: COLUMNS[table],
      })),
      { plain_rows: MODEL },
    );
    const first = await campus.lake('run', '--json');
    expect(first.code, first.stdout + first.stderr).toBe(0);
  });
  afterAll(async () => {
    await campus?.close();
    await sis?.stop();
  });

  const equal = async (about: string) => {
    for (const table of Object.keys(TABLES) as Table[]) {
      const names = Object.keys(COLUMNS[table]);
      const { rows } = await sis.admin.query({
        text: `SELECT ${names.join(', ')} FROM c.${table}`,
        rowMode: 'array',
      });
      const wanted = rows.map((row) =>
        row.map((cell: unknown) => (cell === null ? '∅' : String(cell))).join('|'),
      );
      const found = await campus.rows(`SELECT ${names.join(', ')} FROM sis.c_${table}`);
      expect(found.sort(), `${table}, ${about}`).toEqual(wanted.sort());
    }
  };

  const modelIsNew = async (about: string) => {
    const { rows } = await sis.admin.query('SELECT count(*)::int AS n FROM c.plain');
    expect(await campus.rows('SELECT n FROM campus.plain_rows'), about).toEqual([String(rows[0].n)]);
  };

  /** The server notices a killed reader when it next sends to it. */
  const settle = async (about: string) => {
    for (let tries = 1; ; tries++) {
      const { code, stdout, stderr } = await campus.lake('follow', '--once', '--json');
      if (code === 0) return;
      if (tries === 10) expect([code, stdout, stderr], about).toBe(0);
      await sleep(300);
    }
  };

  it(`shows the tables of the source after ${KILLS} kills of either side, runs between, and slots that were lost`, async () => {
    let killedInRound = 0;
    for (const [i, time] of fc.sample(times, { numRuns: KILLS, seed: SEED }).entries()) {
      for (const one of time.before) await apply(sis.admin, one);
      const { child, lines, ended } = campus.begin('follow', '--json', '--interval', '1');
      const changing = (async () => {
        for (const one of time.meanwhile) {
          await apply(sis.admin, one);
          await sleep(100);
        }
      })();
      while (lines.length === 0 && child.exitCode === null) await sleep(20);
      const run = time.accident === 'a run' ? campus.begin('run', '--json') : undefined;
      await sleep(time.after);
      if (time.accident === 'cut off')
        await sis.admin.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lake'`,
        );
      if (time.accident === 'slot dropped')
        await sis.admin
          .query('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active')
          .catch(() => undefined);
      if (i % 5 === 4) child.kill('SIGINT');
      else child.kill('SIGKILL');
      const { code, stderr } = await ended;
      if (i % 5 === 4) expect(code, stderr).toBe(0);
      else killedInRound += 1;
      await changing;
      if (run) {
        const { stderr: said, code: answered } = await run.ended;
        expect(answered, said).toBe(0);
      }
      if (i % 3 === 2) {
        await settle(`after kill ${i}`);
        await equal(`after kill ${i}`);
        await modelIsNew(`after kill ${i}`);
      }
    }
    expect(killedInRound).toBeGreaterThan(KILLS / 2);
    await settle('at the end');
    await equal('at the end');
    const { rows } = await sis.admin.query('SELECT FROM pg_replication_slots');
    expect(rows).toHaveLength(1);
  });
});
