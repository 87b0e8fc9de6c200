import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../../src/ports/query-engine.ts';
import { SqlError } from '../../../src/sql/errors.ts';
import { lint } from '../../../src/sql/lint/lint.ts';
import { parseStatement } from '../../../src/sql/parse.ts';
import { toSpark } from '../../../src/sql/spark/to-spark.ts';
import { granted } from '../../granted.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { IDIOMS } from './all.ts';
import { type Answer, lakeAnswer } from './answer.ts';
import { answersOf } from './ask.ts';
import { batchesOf, statementOf } from './idiom.ts';
import { inOrder, readRecording } from './recorded.ts';
import { REFUSED } from './refused.ts';

const recorded = readRecording();

describe("idioms of Athena's SQL on one machine", () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake();
  });
  afterAll(() => lake.close());

  it('has a recorded answer to each, and no other', () => {
    expect(Object.keys(recorded.answers).sort()).toEqual(Object.keys(IDIOMS).sort());
    expect(Object.keys(IDIOMS).length).toBeGreaterThanOrEqual(200);
  });

  it('gives the rows and the types that Trino and Spark gave', async () => {
    const here = await answersOf(IDIOMS, async (statement, names) => {
      const result = await lake.engine.query(statement, granted({}));
      const rows: Cell[][] = [];
      for await (const batch of result.batches()) rows.push(...batch);
      return lakeAnswer(result.columns, rows, wantedOf(names));
    });

    expect(inOrder(IDIOMS, here)).toEqual(recorded.answers);
  });

  it('has a translation of every expression for Spark', async () => {
    for (const { names, statement } of batchesOf(IDIOMS)) {
      if (names.length === 1) continue;
      expect(await toSpark(await parseStatement(statement), {})).toMatch(/^SELECT/);
    }
  });

  it.each(Object.entries(REFUSED))('refuses %s, and says what to write instead', async (_, sql) => {
    const refused = await parseStatement(statementOf(sql)).then(
      (statement) => {
        try {
          lint(statement);
        } catch (error) {
          return error;
        }
        return undefined;
      },
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(SqlError);
    expect((refused as SqlError).hint).toMatch(/\w{3}/);
  });
});

/** Columns of a batch as they were recorded one by one. */
function wantedOf(names: readonly string[]): Answer {
  const answers = names.map((name) => recorded.answers[name]!);
  if (answers.length === 1) return answers[0]!;
  return { columns: answers.map(({ columns }) => columns[0]!), rows: [] };
}
