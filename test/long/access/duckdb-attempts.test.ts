import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEPT_BACK } from '../../access/attempts.ts';
import { answerOf, columnsOf, type OpenCollege, openCollege, openTables } from '../../access/college.ts';
import { MATRIX } from '../../access/matrix.ts';
import { granted } from '../../granted.ts';
import { MORE_ATTEMPTS } from './more-attempts.ts';

describe('A lake in which nothing but what a role sees has ever been answers alike', () => {
  let college: OpenCollege;
  let bare: Awaited<ReturnType<typeof openTables>>;
  beforeAll(async () => {
    college = await openCollege();
    const seen = Object.entries(MATRIX['instructor F1']!).flatMap(([table, expected]) => {
      if (!expected) return [];
      const columns = columnsOf(table).filter(({ name }) => expected.columns.includes(name));
      return [[table, { columns, rows: expected.rows.map((row) => [...row]) as never }] as const];
    });
    bare = await openTables(Object.fromEntries(seen));
  });
  afterAll(() => Promise.all([college.lake.close(), bare.lake.close()]));

  it.each(MORE_ATTEMPTS)('%s', async (sql) => {
    const said = await college.ask('instructor F1', sql);
    const without = await answerOf(bare.lake, sql, async () => granted(bare.tables));
    expect(inNoOrder(said)).toEqual(inNoOrder(without));
    const own = said.replaceAll(/"[^"]*"/g, (name) => (sql.includes(name.slice(1, -1)) ? '' : name));
    for (const hidden of KEPT_BACK) expect(own).not.toContain(hidden);
  });
});

const inNoOrder = (answer: string): unknown =>
  answer.startsWith('[[')
    ? (JSON.parse(answer) as unknown[]).map((row) => JSON.stringify(row)).sort()
    : answer;
