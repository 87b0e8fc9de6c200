import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskSql } from '../../../src/access/portable-sql.ts';
import { parseShown } from '../../../src/campus/masks.ts';
import {
  COLLEGE,
  KNOWN,
  type OpenCollege,
  openCollege,
  POLICY,
  readPolicy,
  sessionOf,
} from '../../access/college.ts';
import { MASK_TERMS, MASK_VECTORS, valuesOf } from '../../access/mask-vectors.ts';
import { MATRIX } from '../../access/matrix.ts';
import { startTrino, type Trino } from '../athena/trino.ts';
import { trinoQuery } from '../athena/trino-client.ts';
import { inTrino, OWNER, trinoRules } from './trino-rules.ts';

/** Nothing listens there: the tables lie in memory. */
const NO_AWS = 'http://127.0.0.1:9';
const userOf = (asking: string): string => asking.replaceAll(' ', '_');

let trino: Trino;
let college: OpenCollege;
beforeAll(async () => {
  const sessions = new Map(Object.keys(MATRIX).map((asking) => [userOf(asking), sessionOf(asking)] as const));
  const rules = trinoRules(readPolicy(POLICY).policy!, KNOWN, sessions);
  [college, trino] = await Promise.all([openCollege(), startTrino(NO_AWS, { accessControl: rules })]);
  await asOwner('CREATE SCHEMA memory.sis');
  for (const [table, { columns, rows }] of Object.entries(COLLEGE)) {
    const typed = columns.map(([name, type]) => `${name} ${type}`).join(', ');
    await asOwner(`CREATE TABLE ${inTrino(table)} (${typed})`);
    const literals = rows.map(
      (row) => `(${row.map((value, i) => literal(value, columns[i]![1])).join(', ')})`,
    );
    await asOwner(`INSERT INTO ${inTrino(table)} VALUES ${literals.join(', ')}`);
  }
});
afterAll(() => Promise.all([trino?.stop(), college?.lake.close()]));

const asOwner = (sql: string) => trinoQuery(trino.url, sql, undefined, OWNER);
const literal = (value: unknown, type: string): string =>
  value === null ? 'NULL' : `CAST('${String(value).replaceAll("'", "''")}' AS ${type})`;

/** Whole numbers of 64 bits come as text from one and as numbers from the other. */
const numbers = (_: string, value: unknown) => (/^-?\d+$/.test(String(value)) ? Number(value) : value);

/** The rows that Trino gives a session, as JSON; `refused` where it gives none for a reason of access or names. */
async function askTrino(asking: string, sql: string): Promise<string> {
  const words = Object.keys(COLLEGE).reduce((text, table) => text.replaceAll(table, inTrino(table)), sql);
  try {
    const { rows } = await trinoQuery(trino.url, words, undefined, userOf(asking));
    return JSON.stringify(rows, numbers);
  } catch (error) {
    const { code } = error as { code?: string };
    if (['PERMISSION_DENIED', 'COLUMN_NOT_FOUND', 'TABLE_NOT_FOUND'].includes(code ?? '')) return 'refused';
    throw error;
  }
}

async function askLake(asking: string, sql: string): Promise<string> {
  const answer = await college.ask(asking, sql);
  if (/^There is no (table|column)/.test(answer)) return 'refused';
  return answer.startsWith('[') ? JSON.stringify(JSON.parse(answer, numbers)) : answer;
}

/** What is asked of every table: `*` where it is one of a role, and each column alone. */
const corpus = (asking: string): string[] =>
  Object.entries(MATRIX[asking]!).flatMap(([table, expected]) => {
    const columns = expected?.columns ?? COLLEGE[table]!.columns.map(([name]) => name);
    const list = columns.join(', ');
    const [first, second = first] = columns as [string, string?];
    return [
      `SELECT ${list} FROM ${table} ORDER BY 1, 2`,
      ...COLLEGE[table]!.columns.map(([name]) => `SELECT ${name} FROM ${table} ORDER BY 1`),
      `SELECT count(*) FROM ${table}`,
      `SELECT count(*), count(DISTINCT ${first}), min(${second}), max(${second}) FROM ${table}`,
      `SELECT ${first} FROM ${table} WHERE ${first} IS NULL`,
      `SELECT t.${second}, count(*) FROM (SELECT ${list} FROM ${table}) AS t GROUP BY t.${second} ORDER BY 1, 2`,
      `WITH t AS (SELECT ${list} FROM ${table}) SELECT count(*) FROM t AS a JOIN t AS b ON a.${first} = b.${first}`,
      `SELECT count(*) FROM ${table} AS a WHERE EXISTS (SELECT 1 FROM ${table} AS b WHERE b.${first} = a.${first})`,
      `SELECT ${first} FROM ${table} UNION SELECT ${first} FROM ${table} ORDER BY 1`,
      `SELECT ${first} FROM ${table} EXCEPT SELECT ${first} FROM ${table} WHERE ${second} IS NOT NULL ORDER BY 1`,
    ];
  });

/** What compares, joins or hides by masked and by hidden values. */
const COMPARED: readonly (readonly [asking: string, sql: string])[] = [
  ['analyst', "SELECT count(*) FROM sis.persons WHERE name = 'Ana'"],
  ['analyst', "SELECT count(*) FROM sis.persons WHERE name = 'A***'"],
  ['analyst', "SELECT count(*) FROM sis.persons WHERE name LIKE 'An%'"],
  ['analyst', "SELECT count(*) FROM sis.persons WHERE born < DATE '1936-01-01'"],
  ['analyst', "SELECT count(*) FROM sis.persons WHERE zip IN ('036', '000')"],
  ['analyst', 'SELECT count(*) FROM sis.grades WHERE points = 91.25'],
  ['analyst', 'SELECT count(*) FROM sis.grades g JOIN sis.persons p ON p.person_id = g.student_id'],
  [
    'analyst',
    'SELECT s.section_id, count(g.grade) FROM sis.sections s LEFT JOIN sis.grades g ON g.section_id = s.section_id GROUP BY 1 ORDER BY 1',
  ],
  ['instructor F1', "SELECT count(*) FROM sis.persons WHERE email = 'ana@x.edu'"],
  ['instructor F1', "SELECT count(*) FROM sis.persons WHERE email = '***@x.edu'"],
  ['instructor F1', "SELECT count(*) FROM sis.persons WHERE ssn = '111'"],
  ['instructor F1', 'SELECT name FROM sis.persons ORDER BY ssn'],
  [
    'instructor F1',
    'SELECT p.name, g.grade FROM sis.persons p JOIN sis.grades g ON g.student_id = p.person_id ORDER BY 1, 2',
  ],
  ['instructor F1', 'SELECT count(*) FROM sis.advising'],
  ['adviser F1', 'SELECT sum(sai) FROM sis.persons'],
  ['adviser F1 for aid', 'SELECT sum(sai) FROM sis.persons'],
  ['student S2', "SELECT count(*) FROM sis.grades WHERE student_id <> 'S2'"],
];

describe("Trino's own access control, made of the same policy, gives the same rows and refuses the same", () => {
  it.each(Object.keys(MATRIX))('%s', async (asking) => {
    for (const sql of corpus(asking)) {
      expect([sql, await askTrino(asking, sql)]).toEqual([sql, await askLake(asking, sql)]);
    }
  });

  it.each(COMPARED)('%s: %s', async (asking, sql) => {
    expect(await askTrino(asking, sql)).toBe(await askLake(asking, sql));
  });

  it('and the rows are those of the matrix', async () => {
    for (const [asking, tables] of Object.entries(MATRIX))
      for (const [table, expected] of Object.entries(tables)) {
        if (!expected) continue;
        const answer = await askTrino(
          asking,
          `SELECT ${expected.columns.join(', ')} FROM ${table} ORDER BY 1, 2`,
        );
        expect(answer).toBe(JSON.stringify(expected.rows, numbers));
      }
  });
});

it.each(MASK_VECTORS)('Trino shows $mask of $type as DuckDB does', async (vector) => {
  const shown = maskSql(parseShown(vector.mask), 'v', vector.type, MASK_TERMS)!;
  const cast = vector.type === 'timestamp' ? `CAST(CAST(${shown} AS timestamp(3)) AS varchar)` : shown;
  const { rows } = await asOwner(`SELECT ${cast} FROM (${valuesOf(vector)}) ORDER BY n`);
  expect(rows.map(([cell]) => cell && String(cell))).toEqual(
    vector.values.map(([, expected]) => expected && String(expected)),
  );
});
