import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupFailures } from '../../../../src/failure-groups.ts';
import { asModelError } from '../../../../src/models/load-models.ts';
import { boundedSummary } from '../../../../src/notify/bounded-summary.ts';
import { composeMessage } from '../../../../src/notify/compose.ts';
import { slackMessage } from '../../../../src/notify/slack-message.ts';
import { failuresOf, StepLog } from '../../../../src/pipeline/step-log.ts';
import { openLocalLedger } from '../../../../src/platform/local/ledger.ts';
import type { TableSet } from '../../../../src/platform/ports/tables.ts';
import { good } from '../../../notify/summaries.ts';
import { openTestLake, type TestLake } from './lake-folder.ts';

/** What a value of a person is known by, whatever signs stand in it. */
const MARKS = ['Zqxjw', 'Жщюэы', '漢字氏名'];
const NUMBER = '7193826450917382';

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

/** Every way of SQL that stops at such a value; `v` holds it, `n` a number, `d` a date. */
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
  'json_parse(v)',
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
      { name: 'd', type: 'date' },
    ] as const;
    return {
      'sis.people': await lake.engine.literalTable(
        'sis.people',
        columns,
        [[value, NUMBER, '2026-01-01']],
        version,
      ),
    };
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
      composeMessage(summary),
      slackMessage(summary),
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
        for (const expression of FAILING) {
          const sql = `SELECT ${expression} AS x FROM sis.people`;
          const asked = await lake.rows(sql, tables).then(
            () => undefined,
            (error: unknown) => error,
          );
          if (asked !== undefined) errors.push(asked);
        }
        // Two ways lead to a statement: a person's query, and a table made of a model.
        const made = await lake.engine
          .create('campus.x', `SELECT CAST(v AS date) AS x FROM sis.people`, tables, run)
          .catch((error: unknown) => error);
        errors.push(made);

        const told = await toldOf(errors, run);

        expect(errors.length).toBeGreaterThan(20);
        for (const mark of [...MARKS, NUMBER]) expect(told).not.toContain(mark);
        expect(told).not.toContain(JSON.stringify(value).slice(1, -1));
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
    expect(await said('SELECT n + v FROM sis.people')).toMatch(/No function takes \+\(bigint, varchar\)/);
  });
});
