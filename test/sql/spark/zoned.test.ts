import { describe, expect, it } from 'vitest';
import { SqlError } from '../../../src/sql/errors.ts';
import { parseStatement } from '../../../src/sql/parse.ts';
import { toSpark } from '../../../src/sql/spark/to-spark.ts';

const T = "TIMESTAMP '2026-03-08 07:30:00'";
const CHICAGO = `${T} AT TIME ZONE 'America/Chicago'`;
const translated = async (value: string) => toSpark(await parseStatement(`SELECT ${value} AS v`), {});

describe('times with a zone in Spark', () => {
  it.each([
    `CAST(${CHICAGO} AS timestamp)`,
    `hour(${CHICAGO})`,
    `CAST(date_trunc('day', ${CHICAGO}) AS date)`,
    `EXTRACT(YOW FROM ${CHICAGO})`,
    'to_unixtime(from_unixtime(1e0))',
    `from_unixtime(1e0) < ${T}`,
    `CAST(date_add('day', 1, from_unixtime(0e0)) AS timestamp)`,
    `CAST(from_iso8601_timestamp('2026-01-05T09:00:00+02:00') AT TIME ZONE 'UTC' AS timestamp)`,
  ])('are translated where a timestamp without one answers the same: %s', async (value) => {
    await expect(translated(value)).resolves.toMatch(/^SELECT /);
  });

  it.each([
    `to_unixtime(${CHICAGO})`,
    `CAST((${CHICAGO}) AT TIME ZONE 'UTC' AS timestamp)`,
    `CAST(date_add('hour', 1, ${CHICAGO}) AS timestamp)`,
    `date_diff('hour', ${CHICAGO}, ${T})`,
    `${CHICAGO} > ${T}`,
    `CAST(${CHICAGO} + INTERVAL '1' HOUR AS timestamp)`,
    `CAST(greatest(${CHICAGO}, ${CHICAGO}) AS timestamp)`,
    "hour(TIMESTAMP '2026-01-01 00:00:00 America/Chicago')",
    "hour(from_iso8601_timestamp('2026-01-05T09:00:00+02:00'))",
    `hour(${T} AT TIME ZONE '+05:00')`,
    "hour(from_unixtime(0e0, 'America/Chicago'))",
  ])('are refused where it would not: %s', async (value) => {
    await expect(translated(value)).rejects.toThrow(SqlError);
  });
});
