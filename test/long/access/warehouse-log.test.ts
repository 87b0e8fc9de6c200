import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PIPELINE } from '../../../src/access/authorize.ts';
import { chainedRows, verifyChain } from '../../../src/access/log/chain.ts';
import { accessLog, type LoggedAccess } from '../../../src/app/access/access-log.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import type { LedgerStore } from '../../../src/ports/ledger.ts';
import { recordStatements } from '../../../src/warehouse/record-statements.ts';
import { openPostgresCollege, type PostgresCollege } from '../../access/postgres-college.ts';
import { lakeOf } from '../../lake-of.ts';

let college: PostgresCollege;
let folder: string;
let ledger: LedgerStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'statements-'));
  ledger = openLocalLedger(folder);
  college = await openPostgresCollege();
  for (const asking of ['adviser F1', 'analyst']) await college.add(asking);
  await college.load('p1');
  await college.warehouse.takeStatements!(async () => undefined);
}, 60_000);
afterAll(async () => {
  await college?.close();
  await rm(folder, { recursive: true, force: true });
});

async function recorded(): Promise<Partial<LoggedAccess>[]> {
  const before = (await accessLog(lake())).length;
  await recordStatements(lake(), college.tables);
  const all = await accessLog(lake());
  return all.slice(0, all.length - before).reverse();
}

const lake = () =>
  lakeOf({
    session: PIPELINE,
    campus: { warehouse: { readOnlyUser: 'dashboard' } },
    platform: { ledger, clock: systemClock, warehouse: college.warehouse },
  });

it('what a login asks is on record once the run has read the log in: who, when, which tables, how it ended', async () => {
  await college.ask('adviser F1', 'BEGIN', "SELECT name FROM persons WHERE person_id = 'S1'", 'COMMIT');
  await college.ask('adviser F1', 'SELECT *\n  FROM sis__nothing');
  await college.ask('analyst', 'SELECT note FROM sis.persons');
  const client = await college.connect('analyst');
  await client.query('SELECT count(*) FROM grades WHERE student_id = $1', ['S77']);
  await client.query('PREPARE mine AS SELECT person_id FROM persons');
  await client.query('EXECUTE mine');
  await client.query("DO $$ BEGIN EXECUTE 'SELECT 1 FROM per' || 'sons'; END $$").catch(() => undefined);
  await client.end();

  const found = await recorded();

  expect(
    found.map(({ principal, role, purpose, outcome, tables }) => [principal, role, purpose, outcome, tables]),
  ).toEqual([
    ['adviser-f1', 'adviser', 'advising', 'answered', ['sis.persons']],
    ['adviser-f1', 'adviser', 'advising', 'failed', []],
    ['analyst', 'analyst', 'research', 'refused', ['sis.persons']],
    ['analyst', 'analyst', 'research', 'answered', ['sis.grades']],
    ['analyst', 'analyst', 'research', expect.any(String), ['sis.persons']],
    ['analyst', 'analyst', 'research', 'answered', Object.keys(college.tables).sort()],
    ['analyst', 'analyst', 'research', expect.any(String), Object.keys(college.tables).sort()],
  ]);
  expect(found[0]).toMatchObject({ channel: 'warehouse', columns: 'sis.persons(person_id name)' });
  expect(Math.abs(Date.parse(found[0]!.at!) - Date.now())).toBeLessThan(60_000);
  const named = await accessLog(lake(), { student: ['S77'] });
  expect(named.filter(({ about }) => about === 'named').map(({ tables }) => tables)).toEqual([
    ['sis.grades'],
  ]);
  expect(JSON.stringify(await chainedRows(ledger, 'access'))).not.toMatch(/S77|\bS1\b/);
  expect((await verifyChain(ledger, 'access')).faults).toEqual([]);
});

it('what was read in is gone, and a record that was interrupted is made once', async () => {
  expect(await recorded()).toEqual([]);
  await college.ask('analyst', 'SELECT count(*) FROM grades');
  const killed = college.warehouse.takeStatements!(async () => {
    throw new Error('killed');
  });
  await expect(killed).rejects.toThrow('killed');

  expect(await recorded()).toMatchObject([{ tables: ['sis.grades'] }]);
});

it('no login can leave the log', async () => {
  for (const way of [
    "SET log_statement = 'none'",
    "SET LOCAL log_statement = 'none'",
    'RESET log_statement',
  ]) {
    const said = await college.ask('analyst', way, 'SELECT count(*) FROM grades');
    expect(said.code).toBe('42501');
  }
  await college.ask('analyst', "SELECT set_config('log_statement', 'none', false)", 'SELECT 1');
  await college.ask('analyst', 'DISCARD ALL', 'SELECT count(*) FROM grades');
  await college.ask('analyst', 'ALTER ROLE CURRENT_USER SET log_statement = DEFAULT', 'SELECT 1');
  await college.ask('analyst', 'SELECT count(*) FROM grades');

  const grades = (await recorded()).filter(({ tables }) => tables?.includes('sis.grades'));
  // After DISCARD ALL, and after the role was to be changed.
  expect(grades).toHaveLength(2);
});
