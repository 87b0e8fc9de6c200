import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../src/ports/parameter.ts';
import { toDuckDb } from '../../src/sql/duckdb/to-duckdb.ts';
import { parameterOf } from '../../src/sql/parameters.ts';
import { parseStatement } from '../../src/sql/parse.ts';

const duck = async (sql: string, ...given: string[]) =>
  toDuckDb(await parseStatement(sql, given.map(parameterOf)), {});

describe('parameters of a statement', () => {
  it('are values of their type, whatever they hold', async () => {
    const text: Parameter = { name: 'x', type: 'varchar', value: "O'Brien'; DROP TABLE t; -- :x \\ \n é" };
    const { ast } = await parseStatement('SELECT :x AS a, :x AS b', [text]);
    const found = JSON.stringify(ast).split(JSON.stringify(text.value)).length - 1;

    expect(found).toBe(2);
    expect(await duck('SELECT :a AS x', "a=O'Brien")).toMatch(/'O''Brien'/);
    expect(await duck('SELECT :n AS x', 'n:bigint=-5')).toMatch(/CAST\(\(?-5\)? AS BIGINT\)/);
    expect(await duck('SELECT 1 - :n AS x', 'n:integer=-5')).toMatch(/-5/);
    expect(await duck('SELECT :d AS x', 'd:date=2026-10-05')).toMatch(/CAST\('2026-10-05' AS DATE\)/);
    expect(await duck('SELECT :ok AS x', 'ok:boolean=TRUE')).toMatch(/TRUE/);
    expect(await duck('SELECT :z AS x', 'z:bigint=null')).toMatch(/NULL/);
  });

  it('never change the statement around them', async () => {
    const shape = (ast: unknown) => JSON.stringify(ast, (key, value) => (key === 'value' ? '' : value));
    const { ast } = await parseStatement('SELECT :aa AS x WHERE :aa = :b', [
      parameterOf('aa=1'),
      parameterOf('b=1'),
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.constantFrom("'", '"', '--', ':b', ''),
        async (one, two) => {
          const value = one + two;
          const given: Parameter[] = ['aa', 'b'].map((name) => ({ name, type: 'varchar', value }));
          const { ast: other } = await parseStatement('SELECT :aa AS x WHERE :aa = :b', given);
          expect(shape(other)).toBe(shape(ast));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('leave every other word at its place', async () => {
    for (const sql of ["SELECT :n AS x, lower('nope')", "SELECT :name AS x, lower('nope')"]) {
      const statement = await parseStatement(sql, [parameterOf(sql.includes(':n ') ? 'n=1' : 'name=1')]);
      expect(statement.text.indexOf('nope')).toBe(sql.indexOf('nope'));
    }
  });

  it.each([
    ['SELECT :term', [], /:term is given no value/, /--param term=/],
    ['SELECT ?', [], /has a name/, /:term/],
    ['SELECT :term', ['term=1', 'ter=2'], /no parameter :ter; did you mean "term"\?/, /:term/],
    ['SELECT 1', ['term=1'], /no parameter :term/, /write :term/],
    ['SELECT DATE :day', ['day=2026-01-01'], /whole value/, /day:date/],
  ])('%s with %j is refused', async (sql, given, message, hint) => {
    const error = await parseStatement(sql, given.map(parameterOf)).catch((e) => e);

    expect(error).toMatchObject({ name: 'SqlError', message: expect.stringMatching(message) });
    expect(error.hint).toMatch(hint);
  });

  it.each([
    'term',
    '=x',
    '1a=x',
    'n:int4=5',
    'n:bigint=5.5',
    'n:bigint=1 OR 1=1',
    'd:date=2026-13-01',
    'b:boolean=yes',
  ])('%s is no parameter', (written) => expect(() => parameterOf(written)).toThrow(/parameter/));
});
