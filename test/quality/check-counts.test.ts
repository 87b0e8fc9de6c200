import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/campus/check-schema.ts';
import type { LakeType } from '../../src/campus/lake-type.ts';
import { UnfitCheckError } from '../../src/quality/errors.ts';
import { runChecks } from '../../src/quality/run-checks.ts';
import { checksOfDataset, checksOfModel } from '../../src/quality/table-check.ts';
import { row, THINGS, useThings } from './things.ts';

const things = useThings();

describe('A check counts', () => {
  const failing = async (
    columns: readonly { readonly name: string; readonly type: LakeType }[],
    rows: (string | number | null)[][],
    checks: readonly Check[],
    more: { grain?: string; rowsBefore?: number; asOf?: string } = {},
  ) => {
    const version = await things.lake.platform.engine.literalTable(
      'canvas.things',
      columns,
      rows,
      things.versionId(),
    );
    const warning = checks.map((check): Check => ({ ...check, severity: 'warn' }));
    const entries = checksOfModel(
      { checks: warning, grain: more.grain },
      columns.map(({ name }) => name),
    ).map((entry) => ({ ...entry, severity: 'warn' as const }));
    const { results } = await runChecks(things.lake, {
      run: 'r',
      version,
      checks: entries,
      others: {},
      ...more,
    });
    return results.map((result) => result.failing);
  };

  it('keys of a table without rows, of which no other check reads any', async () => {
    expect(
      await failing([{ name: 'id', type: 'bigint' }], [], [{ kind: 'unique', columns: ['id'] }]),
    ).toEqual([0]);
  });

  it('a whole day as the end of a range, on a timestamp too', async () => {
    const column = [{ name: 'at', type: 'timestamp' }] as const;
    const rows = [
      '2026-12-31 12:00:00',
      '2027-01-01 00:00:00',
      '2026-01-01 00:00:00',
      '2025-12-31 23:59:59.999',
    ];
    const range = { kind: 'range', column: 'at', min: '2026-01-01', max: '2026-12-31' } as const;
    expect(
      await failing(
        column,
        rows.map((at) => [at]),
        [range],
      ),
    ).toEqual([2]);
  });

  it('a number that is none as out of every range', async () => {
    const column = [{ name: 'x', type: 'double' }] as const;
    const rows = [['NaN'], [1], [null]];
    expect(await failing(column, rows, [{ kind: 'range', column: 'x', min: 0 }])).toEqual([1]);
    expect(await failing(column, rows, [{ kind: 'range', column: 'x', max: 100 }])).toEqual([1]);
    expect(await failing(column, rows, [{ kind: 'range', column: 'x', min: 0, max: 100 }])).toEqual([1]);
  });

  it('rows with an empty column of the grain as doubles, and of a declared key only where it says so', async () => {
    const columns = [
      { name: 'id', type: 'bigint' },
      { name: 'k', type: 'varchar' },
    ] as const;
    const rows = [
      [1, null],
      [1, null],
      [2, 'a'],
    ];
    expect(await failing(columns, rows, [], { grain: 'id, k' })).toEqual([1]);
    expect(await failing(columns, rows, [{ kind: 'unique', columns: ['id', 'k'] }])).toEqual([0]);
    expect(
      await failing(columns, rows, [{ kind: 'unique', columns: ['id', 'k'], nullsDistinct: false }]),
    ).toEqual([1]);
  });

  it('days among the values that are accepted', async () => {
    const column = [{ name: 'day', type: 'date' }] as const;
    const values: Check = { kind: 'accepted_values', column: 'day', values: ['2026-01-01', '2026-02-01'] };
    expect(await failing(column, [['2026-01-01'], ['2026-01-02'], [null]], [values])).toEqual([1]);
  });

  it('a drop that is declared however small the table, and one that nobody declared from a hundred rows on', async () => {
    const columns = [{ name: 'id', type: 'bigint' }] as const;
    const few = Array.from({ length: 5 }, (_, i) => [i]);
    const drop = { kind: 'row_count', maxDropPercent: 10 } as const;
    expect(await failing(columns, few, [drop], { rowsBefore: 9 })).toEqual([4]);
    const [byDefault] = checksOfDataset(THINGS);
    const version = await things.tableOf([row(1)]);
    const results = async (rowsBefore: number) =>
      (await runChecks(things.lake, { run: 'r', version, checks: [byDefault!], others: {}, rowsBefore }))
        .results[0]!.status;
    expect([await results(99), await results(100)]).toEqual(['passed', 'warned']);
  });

  it('rows that are missing from the least number of them, unless a person has confirmed so few', async () => {
    const version = await things.tableOf([row(1), row(2)]);
    const least: Check = { kind: 'row_count', min: 5 };
    const verdict = async (acceptedRows?: number) => {
      const checks = checksOfModel({ checks: [least] }, []);
      const emptying = acceptedRows === undefined ? {} : { acceptedRows };
      const done = runChecks(things.lake, { run: 'r', version, checks, others: {}, emptying });
      return done.then(
        ({ results: [result] }) => `${result!.status} ${result!.failing}`,
        (error: Error) => error.message,
      );
    };
    const failed = 'canvas.things: 2 rows where 5 are expected at least';
    expect([await verdict(), await verdict(3), await verdict(2), await verdict(0)]).toEqual([
      failed,
      failed,
      'warned 3',
      'warned 3',
    ]);
  });

  it('a table of which the newest row is too old for its load', async () => {
    const fresh = async (type: LakeType, rows: string[], maxAgeHours: number) => {
      const check = { kind: 'freshness', column: 'at', maxAgeHours } as const;
      const asOf = '2026-11-06T11:00:00Z';
      return (
        (
          await failing(
            [{ name: 'at', type }],
            rows.map((at) => [at]),
            [check],
            { asOf },
          )
        )[0] === 0
      );
    };
    expect(await fresh('timestamp', ['2026-10-23 00:00:00', '2026-11-05 11:00:00'], 24)).toBe(true);
    expect(await fresh('timestamp', ['2026-10-23 00:00:00', '2026-11-05 10:59:59.999'], 24)).toBe(false);
    expect(await fresh('date', ['2026-11-05'], 35)).toBe(true);
    expect(await fresh('date', ['2026-11-05'], 34)).toBe(false);
    expect(await fresh('timestamp', ['2031-01-01 00:00:00'], 24)).toBe(false);
    expect(await fresh('timestamp', [], 24)).toBe(false);
  });

  it('nothing where it does not fit its table: it says why, and no row is shown', async () => {
    const version = await things.tableOf([row(1)]);
    const check: Check = { kind: 'accepted_values', column: 'state', values: [1] };
    const running = runChecks(things.lake, {
      run: 'r',
      version,
      checks: checksOfModel({ checks: [check] }, []),
      others: {},
    });
    await expect(running).rejects.toThrow(
      'canvas.things: the check accepted_values(state) cannot be evaluated: "state" is varchar, found 1; expected texts',
    );
    await expect(running).rejects.toBeInstanceOf(UnfitCheckError);
  });
});
