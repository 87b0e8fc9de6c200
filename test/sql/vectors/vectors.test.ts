import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqlError } from '../../../src/sql/errors.ts';
import { granted } from '../../granted.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { shareOf } from '../../property-runs.ts';
import { type Answer, lakeAnswer } from '../idioms/answer.ts';
import { statementOf } from '../idioms/idiom.ts';
import { ordered } from '../idioms/recorded.ts';
import { VECTORS } from './all.ts';
import { type Recorded, recordedOf } from './recorded.ts';

const NOTHING: Answer = { columns: [], rows: [] };
let lake: TestLake;
beforeAll(async () => {
  lake = await openTestLake();
});
afterAll(() => lake.close());

/** What the lake answers: rows and types, or its error. */
async function ask(sql: string, wanted: Answer): Promise<Answer | Error> {
  try {
    const result = await lake.engine.query(statementOf(sql), granted({}));
    const rows = [];
    for await (const batch of result.batches()) rows.push(...batch);
    return ordered(sql, lakeAnswer(result.columns, rows, wanted));
  } catch (error) {
    return error as Error;
  }
}

describe.each(Object.entries(VECTORS))('vectors of %s', (area, { answered, refused }) => {
  const recorded = recordedOf(area);

  it('are recorded, and no others', () => {
    expect(Object.keys(recorded).sort()).toEqual(Object.keys(answered).sort());
  });

  it('have the rows and types that Trino gave, or an error where it has one', async () => {
    const wrong: { [name: string]: { sql: string; here: unknown; there: Recorded } } = {};
    for (const [name, sql] of shareOf(Object.entries(answered))) {
      const there = recorded[name]!;
      if ('error' in there) {
        const here = await ask(sql, NOTHING);
        if (!(here instanceof SqlError)) wrong[name] = { sql, here, there };
      } else {
        const here = await ask(sql, there);
        if (here instanceof Error) wrong[name] = { sql, here: here.message, there };
        else if (JSON.stringify(here) !== JSON.stringify(ordered(sql, there)))
          wrong[name] = { sql, here, there };
      }
    }
    expect(wrong).toEqual({});
  });

  it('are refused, where the lake cannot give the answer, before a row is read, with the portable way', async () => {
    const wrong: { [name: string]: unknown } = {};
    for (const [name, sql] of shareOf(Object.entries(refused))) {
      const here = await ask(sql, NOTHING);
      const isRefusal = here instanceof SqlError && here.cause === undefined && /\w{3}/.test(here.hint ?? '');
      if (!isRefusal) wrong[name] = { sql, here };
    }
    expect(wrong).toEqual({});
  });
});
