import { beforeEach, describe, expect, it } from 'vitest';
import type { Check } from '../../../src/campus/check-schema.ts';
import type { Incident } from '../../../src/health/incidents/incident.ts';
import { keepRowsAside } from '../../../src/health/repair/keep-rows-aside.ts';
import { readState } from '../../../src/loads/dataset-state.ts';
import { goodOf, versionsOf } from '../../../src/loads/state.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { CheckFailedError, NothingHeldBackError } from '../../../src/quality/errors.ts';
import { decideOnRows, listKeptAside } from '../../../src/quality/quarantine/decide.ts';
import { asideSql } from '../../../src/quality/quarantine/quarantine-sql.ts';
import { type Row, row, THINGS, useThings } from '../../quality/things.ts';

const things = useThings();

const CHECKS: Check[] = [
  { kind: 'range', column: 'score', min: 0, max: 100, severity: 'quarantine' },
  { kind: 'accepted_values', column: 'state', values: ['active', "o'clock ü"], severity: 'quarantine' },
];
beforeEach(() => {
  const dataset = { ...THINGS, checks: CHECKS };
  Object.assign(things.lake.catalog, { datasets: [dataset], get: () => dataset });
});

const state = async () => (await readState(things.lake.platform.ledger, 'canvas.things')).state;
async function rowsOf(version: TableVersion | undefined, columns = 'id', by = 'id'): Promise<unknown[]> {
  if (!version) return [];
  const tables = { 'canvas.things': version };
  const from = { session: things.lake.session, action: 'query', tables } as never;
  const sql = `SELECT ${columns} FROM canvas.things ORDER BY ${by}`;
  const rows: unknown[] = [];
  const answer = await things.lake.platform.engine.query(sql, from);
  for await (const batch of answer.batches())
    rows.push(...batch.map((cells) => cells.map(String).join(' | ')));
  return rows;
}
const shown = async () => rowsOf((await things.good())?.version);
const aside = async (columns?: string) => rowsOf(goodOf(await state())?.quarantine?.aside, columns);
const decide = (decision: 'release' | 'drop', check?: string) =>
  decideOnRows(things.lake, {
    table: 'canvas.things',
    decision,
    because: 'asked the registrar',
    ...(check === undefined ? {} : { check }),
  });
const some = (...bad: Row[]): Row[] => [row(1), row(2, { score: null, state: null }), row(3), ...bad];

describe('Rows that break a check of severity quarantine', () => {
  it('are kept aside with check, reason and run; the others are shown, and the source is compared with all', async () => {
    const bad = [row(8, { score: -1, state: 'odd' }), row(9, { score: 101 })];
    await things.staged('l1', some(...bad), { rowsAtSource: 5 });
    expect(await things.check('run1')).toEqual({ dataset: 'canvas.things', warned: 2 });
    expect(await shown()).toEqual(['1', '2', '3']);
    expect(await aside('id, quarantine_checks, quarantine_reason, quarantine_run')).toEqual([
      '8 | range(score); accepted_values(state) | score is out of its range; state is none of the accepted values | run1',
      '9 | range(score) | score is out of its range | run1',
    ]);
    expect(await listKeptAside(things.lake)).toEqual([
      {
        table: 'canvas.things',
        rows: 2,
        checks: { 'range(score)': 2, 'accepted_values(state)': 1 },
        run: 'run1',
      },
    ]);
    const checks = await things.lake.platform.ledger.rows('checks', 'run1/');
    expect(checks.find(({ check_name }) => check_name === 'range(score)')).toMatchObject({
      severity: 'quarantine',
      status: 'warned',
      failing: 2,
      rows: 3,
      found: '2 of 5 rows break range(score) and are kept aside',
    });
    expect(versionsOf(await state())).toHaveLength(3);
  });

  it('leave the quarantine when a newer version of them is good', async () => {
    await things.staged('l1', some(row(9, { score: -1 })));
    await things.check('run1');
    await things.staged('l2', some(row(9)));
    await things.check('run2');
    expect(await shown()).toEqual(['1', '2', '3', '9']);
    expect(await listKeptAside(things.lake)).toEqual([]);
    // What is shown is the staged table itself.
    expect(versionsOf(await state())).toHaveLength(2);
  });

  it.each([
    ['all rows of a table', [row(1, { score: -1 })]],
    ['more than ten of few', [row(0), ...Array.from({ length: 11 }, (_, i) => row(i + 1, { score: -1 }))]],
    ['more than a tenth of many', Array.from({ length: 200 }, (_, i) => row(i, i < 21 ? { score: -1 } : {}))],
  ])('are refused, and the last good version stays, where they are %s', async (_what, rows) => {
    await things.staged('l1', some());
    await things.check('run1');
    await things.staged('l2', rows);
    await expect(things.check('run2')).rejects.toThrow(CheckFailedError);
    await expect(things.check('run2')).rejects.toThrow(/too many to keep aside/);
    expect(await shown()).toEqual(['1', '2', '3']);
  });

  it('of an empty table are none', async () => {
    await things.staged('l1', []);
    expect(await things.check('run1')).toMatchObject({ warned: 0 });
    expect(await shown()).toEqual([]);
  });

  it('are told apart again, the same way, after a kill between the tables and their record', async () => {
    await things.staged('l1', some(row(9, { score: -1 })));
    const { ledger } = things.lake.platform;
    const { write } = ledger;
    ledger.write = async () => {
      throw new Error('killed');
    };
    await expect(things.check('run1')).rejects.toThrow('killed');
    ledger.write = write;
    expect(await shown()).toEqual([]);
    await things.check('run1');
    expect(await shown()).toEqual(['1', '2', '3']);
    expect(await aside()).toEqual(['9']);
  });
});

describe('A person decides on rows that are kept aside', () => {
  beforeEach(async () => {
    await things.staged('l1', some(row(8, { state: 'odd' }), row(9, { score: -1 })));
    await things.check('run1');
  });

  it('release shows them from the next run on, until they change', async () => {
    expect(await decide('release', 'range(score)')).toMatchObject({ rows: 1 });
    expect(await shown()).toEqual(['1', '2', '3']);
    await things.check('run2');
    expect([await shown(), await aside()]).toEqual([['1', '2', '3', '9'], ['8']]);
    await things.staged('l2', some(row(8, { state: 'odd' }), row(9, { score: -1 })));
    await things.check('run3');
    expect(await shown()).toEqual(['1', '2', '3', '9']);
    await things.staged('l3', some(row(8, { state: 'odd' }), row(9, { score: -2 })));
    await things.check('run4');
    expect([await shown(), await aside()]).toEqual([
      ['1', '2', '3'],
      ['8', '9'],
    ]);
  });

  it('drop keeps them out of both, and adds to what was decided before', async () => {
    await decide('release', 'range(score)');
    await decide('drop', 'accepted_values(state)');
    await things.check('run2');
    expect([await shown(), await aside()]).toEqual([['1', '2', '3', '9'], []]);
    expect(await listKeptAside(things.lake)).toEqual([]);
    await expect(decide('drop')).rejects.toThrow(NothingHeldBackError);
  });

  it('decides anew before the next run: of two decisions on a row the later counts', async () => {
    await decide('release');
    await decide('drop', 'range(score)');
    await things.check('run2');
    expect([await shown(), await aside()]).toEqual([['1', '2', '3', '8'], []]);
    await things.staged('l2', some(row(8, { state: 'odder' }), row(9, { score: -1 })));
    await things.check('run3');
    await decide('drop');
    await decide('release');
    await things.check('run4');
    expect(await shown()).toEqual(['1', '2', '3', '8']);
  });

  it('holds for rows that are alike in everything', async () => {
    await things.staged('l2', some(row(9, { score: -1 }), row(9, { score: -1 })));
    await things.check('run2');
    await decide('release');
    await things.check('run3');
    expect(await shown()).toEqual(['1', '2', '3', '9', '9']);
  });

  it('is put on record with the reason, and no value of a row', async () => {
    await decide('drop');
    const [entry] = await things.lake.platform.ledger.rows('access');
    expect(entry).toMatchObject({
      channel: 'quarantine',
      reason: 'drop all: asked the registrar',
      rows: 2,
      tables: expect.stringContaining('canvas.things'),
    });
  });

  it('is refused for a check for which nothing is kept aside', async () => {
    await expect(decide('release', 'range')).rejects.toMatchObject({
      hint: 'the checks are range(score), accepted_values(state)',
    });
  });
});

it('rows of a check of severity fail are kept aside where a person asks for it, until a load has none', async () => {
  const dataset = { ...THINGS, checks: [{ kind: 'range', column: 'score', min: 0 } as const] };
  Object.assign(things.lake.catalog, { datasets: [dataset], get: () => dataset });
  await things.staged('l1', some(row(9, { score: -1 })));
  await expect(things.check('run1')).rejects.toThrow(CheckFailedError);
  const incident = { tables: ['canvas.things'] } as unknown as Incident;
  const plan = await keepRowsAside.plan(things.lake, incident);
  expect(plan).toEqual({
    tables: ['canvas.things'],
    text: 'keep rows of canvas.things aside that break range(score)',
  });
  await keepRowsAside.apply!(things.lake, plan);
  await things.check('run2');
  expect([await shown(), await aside()]).toEqual([['1', '2', '3'], ['9']]);
  await things.staged('l2', some(row(9)));
  await things.check('run3');
  expect(await shown()).toEqual(['1', '2', '3', '9']);
  await things.staged('l3', some(row(9, { score: -1 })));
  await expect(things.check('run4')).rejects.toThrow(CheckFailedError);
  expect(await shown()).toEqual(['1', '2', '3', '9']);
});

it('values of every type, in columns with quotes and umlauts near them, are told apart by their digest', async () => {
  const columns = (
    [
      'boolean',
      'integer',
      'bigint',
      'real',
      'double',
      'decimal(12,3)',
      'varchar',
      'date',
      'timestamp',
    ] as const
  ).map((type, i) => ({ name: `c${i}`, type }));
  const cells = [
    [true, 1, '9007199254740993', 1.5, 2.25, '1.125', "O'Ära\n", '2026-01-31', '2026-01-31T10:00:00.123Z'],
    [null, null, null, null, null, null, null, null, null],
    [false, 1, '9007199254740993', 1.5, 1e300, '1.125', "O'Ära\n", '2026-01-31', '2026-01-31T10:00:00.124Z'],
  ];
  const { engine } = things.lake.platform;
  const version = await engine.literalTable('canvas.things', columns, cells, 'every-type');
  const check: Check = { kind: 'not_null', columns: ['c0', 'c8'] };
  const entry = { name: 'n', check, severity: 'quarantine', isDefault: false } as const;
  const all = { ...entry, check: { kind: 'range', column: 'c1', min: 5 } as const };
  const rows = { table: 'canvas.things', columns, checks: [entry, all], hasDecided: false };
  const made = await engine.create('canvas.things', asideSql(rows, 'r1'), { 'canvas.things': version }, 'v1');
  const digests = await rowsOf(made, 'quarantine_row', 'quarantine_row');
  expect(digests).toHaveLength(3);
  expect(new Set(digests).size).toBe(3);
});
