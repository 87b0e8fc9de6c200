import Table from 'cli-table3';
import { colours } from '../../src/colours.ts';
import { readPublication } from '../../src/pipeline/publication.ts';
import type { Cell } from '../../src/ports/query-engine.ts';
import type { Lake } from '../../src/ports/step.ts';
import { widthOf } from '../terminal.ts';

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
  const first = rows.slice(0, SHOWN).map((row) => row.map((cell) => String(cell ?? '')));
  say(answerInWidth(first, Math.min(widthOf(process.stdout), WIDEST)));
  say(dim('It supports an adviser; it decides nothing. Concern orders the list and is no probability.'));
  say(`\n${bold('Try next')}`);
  for (const [command, what] of TRY_NEXT) say(`  ${dim(`# ${what}`)}\n  ${command}`);
}

/** Columns of the table apart from the reasons, with its lines; and how wide it is at most. */
const FIXED = [12, 24, 9] as const;
const LINES = 5;
const WIDEST = 114;
/** Reasons in a narrower column than this are harder to read than below the name. */
const NARROWEST_REASONS = 28;

/** Students with their reasons: a table where the screen has room for one, else a paragraph each. */
export function answerInWidth(rows: readonly string[][], width: number): string {
  const left = width - FIXED.reduce((sum, column) => sum + column, LINES);
  if (left < NARROWEST_REASONS) {
    return rows
      .map(([student, name, concern, why]) => `${student} ${name}, concern ${concern}\n  ${why}`)
      .join('\n');
  }
  const table = new Table({
    head: ['student', 'name', 'concern', 'why'],
    colWidths: [...FIXED, left],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const row of rows) table.push(row);
  return table.toString();
}

async function query(lake: Lake, sql: string): Promise<Cell[][]> {
  const publication = await readPublication(lake.platform);
  const result = await lake.platform.engine.query(sql, publication?.tables ?? {});
  const rows: Cell[][] = [];
  for await (const batch of result.batches()) rows.push(...batch);
  return rows;
}
