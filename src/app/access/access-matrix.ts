import type { ExplainedTable } from './explain-access.ts';

/**
 * What each role sees of each table, as Markdown: a table of tables by role, with the rows and how the columns are
 * shown. Tables that no role sees are named below it.
 */
export function accessMatrix(all: readonly ExplainedTable[]): string {
  const sessions = [...new Set(all.map(sessionOf))];
  const tables = [...new Set(all.map(({ table }) => table))].sort();
  const seen = new Set(all.filter(({ rows }) => rows !== undefined).map(({ table }) => table));
  const cell = new Map(all.map((explained) => [`${explained.table}|${sessionOf(explained)}`, explained]));
  const line = (cells: readonly string[]) => `| ${cells.map(inCell).join(' | ')} |`;
  const unseen = tables.filter((table) => !seen.has(table));
  return `${[
    line(['table', ...sessions]),
    line(['---', ...sessions.map(() => '---')]),
    ...tables
      .filter((table) => seen.has(table))
      .map((table) =>
        line([`\`${table}\``, ...sessions.map((session) => textOf(cell.get(`${table}|${session}`)))]),
      ),
    ...(unseen.length > 0 ? ['', `No role sees ${unseen.map((table) => `\`${table}\``).join(', ')}.`] : []),
  ].join('\n')}\n`;
}

/** A role; with the purpose where the role has several. */
const sessionOf = ({ role, purpose }: ExplainedTable): string => `${role} (${purpose})`;

function textOf(explained: ExplainedTable | undefined): string {
  if (explained?.rows === undefined) return '–';
  const shown = explained.columns.filter((column) => column.shown !== 'hidden');
  const masked = shown.filter((column) => column.shown !== 'whole');
  const hidden = explained.columns.length - shown.length;
  return [
    explained.rows === 'all' ? 'all rows' : `rows: \`${explained.rows}\``,
    hidden === 0 ? 'all columns' : `${shown.length} of ${explained.columns.length} columns`,
    ...masked.map(({ name, shown: how }) => `${name}: ${how}`),
  ].join('; ');
}

const inCell = (text: string): string => text.replaceAll('|', '\\|');
