import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseStatement } from '../../../src/sql/parse.ts';
import { toSpark } from '../../../src/sql/spark/to-spark.ts';
import { IDIOMS } from '../../sql/idioms/all.ts';
import { trinoAnswer } from '../../sql/idioms/answer.ts';
import { answersOf } from '../../sql/idioms/ask.ts';
import {
  inOrder,
  RECORDING_FILE,
  type Recording,
  readRecording,
  recordingText,
} from '../../sql/idioms/recorded.ts';
import { REFUSED } from '../../sql/idioms/refused.ts';
import { startTrino, type Trino } from '../athena/trino.ts';
import { trinoQuery } from '../athena/trino-client.ts';
import { type Spark, startSpark } from './spark.ts';

/** No table is read, so nothing need answer here. */
const NO_AWS = 'http://127.0.0.1:9';
/** Hundreds of statements on whatever machine there is. */
const PATIENCE_MS = 20 * 60_000;

/** With IDIOMS_RECORD=1 the answers are written down again, where both engines give the same. */
const isRecording = process.env.IDIOMS_RECORD === '1';

describe('idioms on the engines themselves', () => {
  let trino: Trino;
  let spark: Spark;
  let there: Recording['answers'];
  beforeAll(async () => {
    trino = await startTrino(NO_AWS);
    spark = await startSpark();
  });
  afterAll(() => Promise.all([trino?.stop(), spark?.stop()]));

  it('are answered by Trino as they were recorded', { timeout: PATIENCE_MS }, async () => {
    const answers = await answersOf(IDIOMS, async (statement) => {
      const { columns, rows } = await trinoQuery(trino.url, statement);
      return trinoAnswer(columns, rows);
    });
    there = inOrder(IDIOMS, answers);
    if (!isRecording) expect(there).toEqual(readRecording().answers);
  });

  it('are answered by Spark, translated, as they are by Trino', { timeout: PATIENCE_MS }, async () => {
    const answers = await answersOf(IDIOMS, async (statement) =>
      spark.ask(await toSpark(await parseStatement(statement), {})),
    );
    expect(inOrder(IDIOMS, answers)).toEqual(there);
    if (isRecording) {
      const [version] = (await trinoQuery(trino.url, 'SELECT node_version FROM system.runtime.nodes'))
        .rows[0]!;
      const engines = [`Trino ${version}`, `Spark ${spark.version}`];
      await writeFile(RECORDING_FILE, recordingText({ engines, answers: there }));
    }
    const [equal, refused] = [Object.keys(IDIOMS).length, Object.keys(REFUSED).length];
    console.log(`3 engines × ${equal} idioms: all equal; ${refused} more refused`);
  });
});
