import Table from 'cli-table3';
import { readPublication } from '../../src/pipeline/publication.ts';
import type { Cell } from '../../src/platform/ports/query-engine.ts';
import type { Lake } from '../../src/step.ts';
import { colours } from '../commands/common.ts';

const SHOWN = 8;

const WHO_NEEDS_ATTENTION = `
  SELECT student_id, given_name || ' ' || family_name AS name, concern, reasons
  FROM campus.first_semester_attention
  ORDER BY concern DESC, student_id`;

const TRY_NEXT = [
  ['npx lake tables', 'every table, its rows, how fresh it is'],
  ['npx lake describe campus.first_semester_attention', 'its columns'],
  [
    `npx lake query "SELECT status, count(*) AS n FROM campus.submissions GROUP BY status ORDER BY n DESC"`,
    "Athena's SQL",
  ],
  ['npx lake status', 'how the last run went'],
  ['npx lake warehouse', 'the same tables for psql, JDBC and ODBC'],
] as const;

/** The answer for which the lake is there, and what to type next. */
export async function showAnswer(lake: Lake, say: (text: string) => void): Promise<void> {
  const { bold, dim } = colours();
  const rows = await query(lake, WHO_NEEDS_ATTENTION);
  say(
    `\n${bold(`${rows.length} first-semester students need attention; the first ${Math.min(SHOWN, rows.length)}:`)}`,
  );
  const table = new Table({
    head: ['student', 'name', 'concern', 'why'],
    colWidths: [12, 24, 9, 64],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const row of rows.slice(0, SHOWN)) table.push(row.map((cell) => String(cell ?? '')));
  say(table.toString());
  say(dim('It supports an adviser; it decides nothing. Concern orders the list and is no probability.'));
  say(`\n${bold('Try next')}`);
  for (const [command, what] of TRY_NEXT) say(`  ${dim(`# ${what}`)}\n  ${command}`);
}

async function query(lake: Lake, sql: string): Promise<Cell[][]> {
  const publication = await readPublication(lake.platform);
  const result = await lake.platform.engine.query(sql, publication?.tables ?? {});
  const rows: Cell[][] = [];
  for await (const batch of result.batches()) rows.push(...batch);
  return rows;
}
