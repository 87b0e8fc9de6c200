import Table from 'cli-table3';
import { queryTables } from '../../src/access/query.ts';
import { colours } from '../../src/colours.ts';
import { readPublication } from '../../src/pipeline/publication.ts';
import type { FeatureHighlight } from '../../src/ports/feature.ts';
import type { Cell } from '../../src/ports/query-engine.ts';
import type { Lake } from '../../src/ports/step.ts';
import { printable } from '../../src/printable.ts';
import { widthOf } from '../../src/screen-table.ts';

const SHOWN = 8;

const TABLES = ['npx lake tables', 'every table, its rows, how fresh it is'] as const;

const TRY_NEXT: readonly (readonly [string, string])[] = [
  [
    `npx lake query "SELECT status, count(*) AS n FROM campus.submissions GROUP BY status ORDER BY n DESC"`,
    "Athena's SQL",
  ],
  ['npx lake status', 'how the last run went'],
  ['npx lake serve --open', 'all of it in a browser'],
  ['npx lake warehouse', 'the same tables for psql, JDBC and ODBC'],
];

/** What the features show, and what to type next. */
export async function showAnswer(lake: Lake, say: (text: string) => void): Promise<void> {
  const { bold, dim } = colours();
  const highlights = (lake.features ?? []).flatMap(({ highlight }) => highlight ?? []);
  for (const highlight of highlights) {
    const rows = await query(lake, highlight.sql);
    say(`\n${bold(highlight.heading(rows.length, Math.min(SHOWN, rows.length)))}`);
    const first = rows.slice(0, SHOWN).map((row) => row.map((cell) => String(cell ?? '')));
    say(answerInWidth(highlight, first, Math.min(widthOf(process.stdout), WIDEST)));
    say(dim(highlight.note));
  }
  say(`\n${bold('Try next')}`);
  const described = highlights.map(({ table }) => [`npx lake describe ${table}`, 'its columns'] as const);
  for (const [command, what] of [TABLES, ...described, ...TRY_NEXT])
    say(`  ${dim(`# ${what}`)}\n  ${command}`);
}

const WIDEST = 114;
/** A last column that is narrower than this is harder to read than a line of its own. */
const NARROWEST_LAST = 28;

/** The rows as a table where the screen has room for one, else a paragraph each. */
export function answerInWidth(
  { columns, last, brief }: FeatureHighlight,
  rows: readonly string[][],
  width: number,
): string {
  // A line before each column, and one after the last.
  const lines = columns.length + 2;
  const left = width - columns.reduce((sum, column) => sum + column.width, lines);
  if (left < NARROWEST_LAST) return rows.map((row) => brief(row.map(printable))).join('\n');
  const table = new Table({
    head: [...columns.map(({ title }) => title), last],
    colWidths: [...columns.map((column) => column.width), left],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const row of rows) table.push(row.map(printable));
  return table.toString();
}

async function query(lake: Lake, sql: string): Promise<Cell[][]> {
  const publication = await readPublication(lake.platform);
  const result = await queryTables(lake, sql, publication?.tables ?? {});
  const rows: Cell[][] = [];
  for await (const batch of result.batches()) rows.push(...batch);
  return rows;
}
