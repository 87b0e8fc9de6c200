import { describe, expect, it } from 'vitest';
import { bindTables } from '../../../../src/platform/aws/athena/bind-tables.ts';
import { asStorage } from '../../../../src/platform/aws/athena/storage.ts';
import type { TableVersion } from '../../../../src/ports/tables.ts';
import { parseStatement } from '../../../../src/sql/parse.ts';

const ID = { name: 'id', type: 'bigint' } as const;

const version = (table: string, snapshot: string | null): TableVersion => ({
  table,
  columns: [ID],
  rows: 1,
  storage: asStorage({
    kind: 'iceberg',
    place: { database: 'v', name: table.replace('.', '__') },
    folder: `staged/${table}/1`,
    snapshot,
    committedAt: 0,
    metadata: 's3://b/m',
    key: ['id'],
    columns: [ID],
    removed: null,
  }),
});

const TABLES = {
  'canvas.users': version('canvas.users', '9007199254740993'),
  'canvas.courses': version('canvas.courses', null),
};
const USERS = '(SELECT "id" AS "id" FROM "v"."canvas__users" FOR VERSION AS OF 9007199254740993)';
const COURSES = '(SELECT "id" AS "id" FROM (SELECT * FROM "v"."canvas__courses" WHERE false))';

const bind = async (text: string) => bindTables(await parseStatement(text), TABLES);

describe('tables bound to versions', () => {
  it.each([
    ['SELECT id FROM canvas.users', `SELECT id FROM ${USERS} AS "users"`],
    ['SELECT u.id FROM Canvas.Users AS u', `SELECT u.id FROM ${USERS} AS u`],
    ['SELECT users.id FROM "canvas"."users";', `SELECT users.id FROM ${USERS} AS "users"`],
    ['SELECT canvas.users.id FROM canvas.users', `SELECT users.id FROM ${USERS} AS "users"`],
    [
      "SELECT 'é', c.id -- canvas.users\nFROM canvas.users u, canvas . courses c",
      `SELECT 'é', c.id -- canvas.users\nFROM ${USERS} u, ${COURSES} c`,
    ],
    [
      'WITH users AS (SELECT id FROM canvas.users) SELECT id FROM users',
      `WITH users AS (SELECT id FROM ${USERS} AS "users") SELECT id FROM users`,
    ],
  ])('%s', async (text, sql) => {
    expect((await bind(text)).sql).toBe(sql);
  });

  it('says where a place of the new text stands in the one that was written', async () => {
    const text = 'SELECT u.id,\n  nme FROM canvas.users u JOIN canvas.courses c ON c.x = u.id';
    const bound = await bind(text);
    const placeOf = (sql: string, word: string) => {
      const before = sql.slice(0, sql.indexOf(word)).split('\n');
      return { line: before.length, column: before.at(-1)!.length + 1 };
    };

    for (const word of ['u.id', 'nme', 'FROM', 'c.x']) {
      expect({ word, ...bound.placeInText(placeOf(bound.sql, word)) }).toEqual({
        word,
        ...placeOf(text, word),
      });
    }
    expect(bound.placeInText(placeOf(bound.sql, 'canvas__users'))).toEqual(placeOf(text, 'canvas.users'));
  });
});
