import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableVersion } from '../../../src/ports/tables.ts';
import {
  openTestLake,
  type RawRecord,
  specOf,
  type TestLake,
} from '../../platform/local/duckdb/lake-folder.ts';
import { type Answer, lakeAnswer } from '../idioms/answer.ts';
import { statementOf } from '../idioms/idiom.ts';
import { TABLES } from './ctas.ts';
import { instantOf } from './merge-rows.ts';
import { columnsOf, KEY, LOADS, MERGES } from './merges.ts';
import { byScenario, readRecording, sorted } from './recorded.ts';

const recorded = readRecording();

describe('tables of Athena on one machine', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake();
  });
  afterAll(() => lake.close());

  it('hold after each merge what Trino and Spark had in theirs', async () => {
    const loads: Answer[] = [];
    let version: TableVersion | undefined;
    for (let load = 0; load < LOADS; load += 1) {
      const spec = specOf('canvas.merged', columnsOf(load), { key: KEY });
      const files = [await lake.writeRaw(`load-${load}`, recordsOf(load))];
      const done = version
        ? await lake.engine.merge(version, spec, files, `v${load}`)
        : await lake.engine.replace(spec, files, `v${load}`);
      version = done.version;
      loads.push(await answerOf(version, { columns: recorded.merged, rows: [] }));
      expect(version.rows).toBe(loads.at(-1)!.rows.length);
    }

    expect(loads.map(({ columns }) => columns)).toEqual(loads.map(() => recorded.merged));
    expect(byScenario(Object.keys(MERGES), loads)).toEqual(recorded.merges);
  });

  it('hold, made of a SELECT, the rows and types that Trino and Spark had in theirs', async () => {
    const made: Record<string, Answer> = {};
    for (const [i, [name, select]] of Object.entries(TABLES).entries()) {
      const version = await lake.engine.create(`campus.made_${i}`, statementOf(select), {}, 'v');
      made[name] = sorted(await answerOf(version, recorded.tables[name]!));
    }
    expect(made).toEqual(recorded.tables);
  });

  async function answerOf(version: TableVersion, wanted: Answer): Promise<Answer> {
    const rows = await lake.rows(`SELECT * FROM ${version.table}`, { [version.table]: version });
    return lakeAnswer(version.columns, rows, wanted);
  }
});

/** What every scenario delivers in a load, as Canvas would. */
const recordsOf = (load: number): RawRecord[] =>
  Object.entries(MERGES).flatMap(([scenario, loads]) =>
    (loads[load] ?? []).map(([minute, id, row]) => ({
      ts: instantOf(minute),
      key: { scenario, id },
      ...(row ? { action: 'U' as const, value: row } : { action: 'D' as const }),
    })),
  );
