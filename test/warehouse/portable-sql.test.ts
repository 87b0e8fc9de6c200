import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNonPortable } from '../../src/warehouse/portable-sql.ts';
import { parseProcedureFile } from '../../src/warehouse/procedure-file.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../warehouse/procedures');

describe('findNonPortable', () => {
  it.each([
    ['COMMIT;', 'COMMIT'],
    ["EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'x';", 'EXCEPTION WHEN'],
    ['TRUNCATE mart.t;', 'TRUNCATE'],
    ['CREATE PROCEDURE p() NONATOMIC AS $$', 'NONATOMIC'],
    ['CREATE OR REPLACE FUNCTION f() RETURNS integer', 'CREATE OR REPLACE FUNCTION'],
    ['CREATE PROCEDURE p(OUT p_n integer)', 'OUT p_n'],
    ['FOR r IN SELECT 1 LOOP', 'LOOP'],
    ['INSERT INTO t SELECT 1 ON CONFLICT DO NOTHING', 'ON CONFLICT'],
    ['SELECT string_agg(a, b)', 'string_agg'],
    ['SELECT listagg(a)', 'listagg'],
    ['SELECT nvl(a, b)', 'nvl'],
    ['SELECT dateadd(day, 1, a)', 'dateadd'],
    ['SELECT a IS NOT DISTINCT FROM b', 'IS NOT DISTINCT FROM'],
    ['SELECT now()', 'now'],
    ['CREATE TABLE t (a text)', 'text'],
    ['CREATE TABLE t (a varchar)', 'varchar'],
    ['CREATE TABLE t (a numeric)', 'numeric'],
    ['CREATE TABLE t (a jsonb)', 'jsonb'],
    ['CREATE TABLE t (a timestamptz)', 'timestamptz'],
    ['SELECT avg(days) FROM t', 'avg('],
    ['SELECT "Mixed" FROM t', '"Mixed"'],
    ['MERGE INTO t USING s ON t.a = s.a', 'MERGE'],
    ['CREATE TABLE t (a integer) DISTKEY (a)', 'DISTKEY'],
  ])('refuses %s', (sql, found) => {
    expect(findNonPortable(`-- head\n${sql}`)[0]).toMatchObject({ line: 2, found });
  });

  it.each([
    'CREATE OR REPLACE PROCEDURE mart.p(p_publication varchar, INOUT p_rows bigint) AS $$',
    'DELETE FROM mart.t; INSERT INTO mart.t SELECT a, count(*) FROM campus.s GROUP BY a;',
    'SELECT avg(days::double precision), avg(cast(points AS decimal(10,2))) FROM t',
    'GET DIAGNOSTICS v_rows := ROW_COUNT;',
    "IF v_rows = 0 THEN RAISE NOTICE 'nothing, now COMMIT; %', v_rows; END IF;",
    '-- TRUNCATE is not portable\n/* nor is\n COMMIT */ SELECT 1',
    'SELECT a AS without_text, notext, textual FROM t',
    'CREATE TABLE IF NOT EXISTS mart.t (a varchar(64), b decimal(5,2), c timestamp)',
  ])('lets %s pass', (sql) => {
    expect(findNonPortable(sql)).toEqual([]);
  });

  it('names every finding in the order of lines', () => {
    const found = findNonPortable('SELECT now();\nCOMMIT;\nSELECT nvl(1, 2);');

    expect(found.map(({ line }) => line)).toEqual([1, 2, 3]);
  });
});

describe('parseProcedureFile', () => {
  const body =
    'CREATE OR REPLACE PROCEDURE mart.p(p_publication varchar) AS $$ BEGIN END; $$ LANGUAGE plpgsql;';

  it('reads from the head what it is called and what it needs', () => {
    const file = parseProcedureFile(
      'p.sql',
      `-- call: mart.p\n-- reads: campus.a (x, y)\n-- reads: campus.b (z)\n${body}`,
    );

    expect(file).toMatchObject({ name: 'mart.p', reads: { 'campus.a': ['x', 'y'], 'campus.b': ['z'] } });
  });

  it.each([
    ['no line that says what to call', body, 'p.sql:1'],
    ['a call without a schema', `-- call: p\n${body}`, 'p.sql:1'],
    ['reads without columns', `-- call: mart.p\n-- reads: campus.a\n${body}`, 'p.sql:2'],
    ['what is not portable', `-- call: mart.p\n${body}\nCOMMIT;`, 'p.sql:3: COMMIT'],
  ])('refuses %s, by file and line', (_what, sql, place) => {
    expect(() => parseProcedureFile('p.sql', sql)).toThrow(place);
  });
});

describe('the procedures that come with the lake', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'));

  it('exist', () => {
    expect(names.length).toBeGreaterThan(0);
  });

  it.each(names)('%s is portable and says what it reads', (name) => {
    const file = parseProcedureFile(name, readFileSync(path.join(FOLDER, name), 'utf8'));

    expect(Object.keys(file.reads).length).toBeGreaterThan(0);
  });
});
