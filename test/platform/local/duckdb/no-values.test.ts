import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../../../bin/commands/common.ts';
import { groupFailures } from '../../../../src/failure-groups.ts';
import { asModelError } from '../../../../src/models/load-models.ts';
import { boundedSummary } from '../../../../src/notify/bounded-summary.ts';
import { composeRun } from '../../../../src/notify/compose-run.ts';
import { slackMessage } from '../../../../src/notify/slack-message.ts';
import { failuresOf, StepLog } from '../../../../src/pipeline/step-log.ts';
import { openLocalLedger } from '../../../../src/platform/local/ledger.ts';
import type { TableSet } from '../../../../src/ports/tables.ts';
import { good } from '../../../notify/summaries.ts';
import { openTestLake, type TestLake } from './lake-folder.ts';

/** What a value of a person is known by, whatever signs stand in it. */
const MARKS = ['Zqxjw', 'Жщюэы', '漢字氏名'];
const NUMBER = '7193826450917382';
const DECIMAL = '8193726450918.27';
const DOUBLE = 6180339.887498949;
const TIMESTAMP = '2031-07-19T05:43:21.987Z';
const DAY = '2037-11-23';
/** How values that are no texts may be written in a message: as they are, and without their ends. */
const OTHERS = [NUMBER, DECIMAL, '8193726450918', '6180339', '05:43:21', '2031-07-19', DAY];

/** Signs that begin or end a quotation, a line, a type or a sentence of some driver. */
const SIGNS = [
  "'",
  '"',
  '\n',
  '\r\n',
  '\\',
  '`',
  '(',
  ')',
  '[',
  '{',
  '}',
  '{"exception_type":"Binder","exception_message":"',
  ' to INTEGER when casting from source column ',
  'Referenced table "',
  'Referenced column "',
  "' to DATE",
  'Input: "',
  ' Error: ',
  ': ',
  '%',
  ',',
  ';',
  ' ',
  '\u2028',
  '💥',
];

/** A name such as no conversion takes, made of marks and signs. */
const name = fc
  .tuple(
    fc.constantFrom(...MARKS),
    fc.constantFrom(...SIGNS),
    fc.constantFrom(...MARKS),
    fc.constantFrom('', ...SIGNS),
  )
  .map((parts) => parts.join(''));

/**
 * Every way of SQL that stops at such a value; `v` holds it, `n` and `m` numbers, `x` a double, `d` a date, `t` a
 * timestamp, `b` bytes.
 */
const FAILING = [
  ...['integer', 'bigint', 'double', 'real', 'decimal(5,2)', 'boolean', 'date', 'time', 'timestamp'].map(
    (type) => `CAST(v AS ${type})`,
  ),
  "date_parse(v, '%Y-%m-%d')",
  'from_iso8601_date(v)',
  'from_iso8601_timestamp(v)',
  'CAST(n AS tinyint)',
  'CAST(n AS smallint)',
  'CAST(n AS decimal(3,1))',
  'n * n',
  'n / (n - n)',
  'n % (n - n)',
  "json_extract_scalar(v, '$.a')",
  'json_array_length(v)',
  'CAST(json_parse(v) AS varchar)',
  "CAST(json_parse('[\"' || v || '\"]') AS array(integer))",
  "CAST(json_extract('{\"a\":' || v || '}', '$.a') AS double)",
  "regexp_like('a', concat('(', v))",
  "regexp_replace('a', concat('[', v), 'b')",
  'ARRAY[v][9]',
  'MAP(ARRAY[v, v], ARRAY[1, 2])',
  'from_base64(v)',
  'from_hex(v)',
  'date_trunc(v, d)',
  'date_add(v, 1, d)',
  'd AT TIME ZONE v',
  '(SELECT x FROM (VALUES (v), (v)) t (x))',
  'nonesuch(v)',
  'v + n',
  'chr(n)',
  // Of the other types, and by what the lake's own macros find
  'CAST(x AS integer)',
  'CAST(x * 1e300 * 1e300 AS bigint)',
  'CAST(m AS integer)',
  'CAST(m AS decimal(5,2))',
  'm * m * m',
  'm / m',
  'm % (m - m)',
  'CAST(t AS varchar)',
  'CAST(x AS varchar)',
  "date_add('year', n, t)",
  "date_add('day', n, d)",
  'date_add(v, 1, t)',
  'date_diff(v, t, t)',
  'from_unixtime(n)',
  'from_unixtime(x * 1e12)',
  't AT TIME ZONE v',
  'substr(v, n)',
  'lpad(v, n, v)',
  'split_part(v, v, -1)',
  'sequence(1, n)',
  'array_join(ARRAY[x], v)',
  'element_at(ARRAY[v], 0)',
  'from_utf8(b)',
  'CAST(b AS integer)',
  'd + n',
  'x + v',
  't = v',
  'd = v',
  'coalesce(d, v)',
  'CASE WHEN v THEN 1 END',
  'v LIKE v ESCAPE v',
  'regexp_extract(v, concat(v, v), n)',
  'regexp_like(v, v)',
  "json_extract_scalar(concat('{', v), v)",
  'width_bucket(x, x, x, 0)',
  'sum(n * n)',
  'max(v) + 1',
  'nth_value(v, 0) OVER (ORDER BY n)',
];

/** Clauses that stop, after `SELECT v FROM sis.people`. */
const FAILING_CLAUSES = [
  'WHERE v',
  'WHERE v > n',
  'WHERE CAST(v AS boolean)',
  'ORDER BY CAST(v AS double)',
  'GROUP BY v HAVING CAST(v AS integer) > 1',
  'JOIN (SELECT CAST(v AS bigint) AS n FROM sis.people) o USING (n)',
  'WHERE n = (SELECT n FROM sis.people UNION ALL SELECT n + 1 FROM sis.people)',
  'UNION SELECT n FROM sis.people',
  'WHERE vv = v',
];

describe('a value of a person', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake();
  });
  afterAll(() => lake.close());

  async function holding(value: string, version: string): Promise<TableSet> {
    const columns = [
      { name: 'v', type: 'varchar' },
      { name: 'n', type: 'bigint' },
      { name: 'm', type: 'decimal(18,2)' },
      { name: 'x', type: 'double' },
      { name: 'd', type: 'date' },
      { name: 't', type: 'timestamp' },
      { name: 'b', type: 'varbinary' },
    ] as const;
    return {
      'sis.people': await lake.engine.literalTable(
        'sis.people',
        columns,
        [[value, NUMBER, DECIMAL, DOUBLE, DAY, TIMESTAMP, 'Zqxjw']],
        version,
      ),
    };
  }

  /** What `lake query` prints of an error, in words and as JSON. */
  async function printed(error: unknown): Promise<string> {
    const written: string[] = [];
    const spy = vi
      .spyOn(process.stderr, 'write')
      .mockImplementation((text) => written.push(String(text)) > 0);
    const fail = () => Promise.reject(error);
    await runCommand(fail);
    await runCommand(fail, { json: true });
    spy.mockRestore();
    process.exitCode = undefined;
    return written.join('\n');
  }

  /** All that a person or a program is told of the errors of a run, and what its ledger holds. */
  async function toldOf(errors: readonly unknown[], run: string): Promise<string> {
    const root = join(lake.root, `ledger-${run}`);
    const ledger = openLocalLedger(root);
    const log = await StepLog.open(ledger, { run, attempt: 1, sources: ['sis'] });
    for (const [at, error] of errors.entries()) {
      const record = { path: `main/x[${at}]`, step: 'build-model', item: `m${at}`, startedAt: 0, endedAt: 1 };
      await log.failed(record, asModelError('models/m.sql', error));
    }
    const failures = groupFailures(await failuresOf(ledger, run));
    const summary = { ...good, status: 'failed' as const, failures, failed: errors.length };
    const told = [
      await ledger.rows('steps'),
      failures,
      composeRun(summary),
      slackMessage(composeRun(summary)),
      boundedSummary(summary),
    ];
    await rm(root, { recursive: true });
    return JSON.stringify(told);
  }

  it('is in nothing that is told of the SQL that stops at it', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(name, async (value) => {
        const run = `r${++runs}`;
        const tables = await holding(value, run);
        const errors: unknown[] = [];
        const told: string[] = [];
        const statements = [
          ...FAILING.map((expression) => `SELECT ${expression} AS y FROM sis.people`),
          ...FAILING_CLAUSES.map((clause) => `SELECT v FROM sis.people ${clause}`),
        ];
        for (const sql of statements) {
          const asked = await lake.rows(sql, tables).then(
            () => undefined,
            (error: unknown) => error,
          );
          if (asked === undefined) continue;
          errors.push(asked);
          told.push(await printed(asked));
        }
        // Two ways lead to a statement: a person's query, and a table made of a model.
        const made = await lake.engine
          .create('campus.x', `SELECT CAST(v AS date) AS x FROM sis.people`, tables, run)
          .catch((error: unknown) => error);
        errors.push(made);

        told.push(await toldOf(errors, run));

        expect(errors.length).toBeGreaterThan(60);
        for (const text of told) {
          for (const mark of [...MARKS, ...OTHERS]) expect(text).not.toContain(mark);
          expect(text).not.toContain(JSON.stringify(value).slice(1, -1));
        }
      }),
      { numRuns: 2 },
    );
  }, 60_000);

  it('leaves the words that help: the type, the column, the name that is unknown', async () => {
    const tables = await holding("D'Angelo", 'words');
    const said = (sql: string) =>
      lake.rows(sql, tables).catch((e: Error & { hint?: string }) => `${e.message} ${e.hint}`);

    expect(await said('SELECT CAST(v AS date) FROM sis.people')).toMatch(
      /^A value of "v" cannot be converted to date\. write TRY_CAST/,
    );
    expect(await said('SELECT n * n FROM sis.people')).toMatch(/too large for its type\. CAST it/);
    expect(await said('SELECT vv FROM sis.people')).toMatch(/no column "vv"/);
    expect(await said('SELECT n + v FROM sis.people')).toMatch(/^Athena has no bigint \+ varchar\./);
  });
});
