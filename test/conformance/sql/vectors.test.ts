import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzz } from '../../fuzz/sql/fuzz.ts';
import { openTestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { trinoAnswer } from '../../sql/idioms/answer.ts';
import { statementOf } from '../../sql/idioms/idiom.ts';
import { ordered } from '../../sql/idioms/recorded.ts';
import { VECTORS } from '../../sql/vectors/all.ts';
import { type Recorded, record, recordedOf } from '../../sql/vectors/recorded.ts';
import { startTrino, type Trino } from '../athena/trino.ts';
import { TrinoError, trinoQuery } from '../athena/trino-client.ts';

/** No table is read, so nothing need answer here. */
const NO_AWS = 'http://127.0.0.1:9';
const PATIENCE_MS = 20 * 60_000;
const AT_ONCE = 4;
/** The share of `npm run fuzz:sql` that is asked every time. */
const RANDOM_QUERIES = 300;
const SEED = 20261130;

/**
 * With VECTORS_RECORD=1 the answers are written down rather than compared. TRINO_URL names a server that runs already;
 * VECTORS_AREA one area.
 */
const { TRINO_URL, VECTORS_RECORD, VECTORS_AREA } = process.env;

const recordedAnswers = (area: string): { readonly [name: string]: Recorded } =>
  Object.fromEntries(
    Object.entries(recordedOf(area)).map(([name, answer]) => [
      name,
      'error' in answer ? answer : ordered(VECTORS[area]!.answered[name]!, answer),
    ]),
  );

describe('vectors and random queries', () => {
  let trino: Pick<Trino, 'url' | 'stop'>;
  beforeAll(async () => {
    trino = TRINO_URL ? { url: TRINO_URL, stop: async () => {} } : await startTrino(NO_AWS);
  });
  afterAll(() => trino?.stop());

  const areas = Object.keys(VECTORS).filter((area) => !VECTORS_AREA || area === VECTORS_AREA);
  it.each(areas)(
    'of %s are answered by Trino as they were recorded',
    { timeout: PATIENCE_MS },
    async (area) => {
      const entries = Object.entries(VECTORS[area]!.answered);
      const found = new Map<string, Recorded>();
      const ask = async (sql: string): Promise<Recorded> => {
        try {
          const { columns, rows } = await trinoQuery(trino.url, statementOf(sql));
          return ordered(sql, trinoAnswer(columns, rows));
        } catch (error) {
          if (error instanceof TrinoError) return { error: error.code };
          throw error;
        }
      };
      const left = [...entries];
      const worker = async () => {
        for (let next = left.shift(); next; next = left.shift()) found.set(next[0], await ask(next[1]));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      const answers = Object.fromEntries(entries.map(([name]) => [name, found.get(name)!]));
      if (VECTORS_RECORD === '1') record(area, answers);
      else expect(answers).toEqual(recordedAnswers(area));
    },
  );

  it.skipIf(VECTORS_RECORD === '1')(
    'random queries have the same answer here and in Trino',
    { timeout: PATIENCE_MS },
    async () => {
      const lake = await openTestLake();
      const differences: unknown[] = [];
      try {
        const counts = await fuzz({
          lake: lake.engine,
          trinoUrl: trino.url,
          queries: RANDOM_QUERIES,
          seed: SEED,
          found: async (difference) => void differences.push(difference),
        });
        console.log(`${RANDOM_QUERIES} random queries: ${JSON.stringify(counts)}`);
        expect(differences).toEqual([]);
        expect(counts.equal).toBeGreaterThan(RANDOM_QUERIES * 0.7);
      } finally {
        await lake.close();
      }
    },
  );
});
