import { escaped } from '../../escaped.ts';
import { type Answer, isNumeric, shown } from '../answer.ts';

/** Rows that are shown; the answer itself has all. */
const SHOWN = 200;
const WIDEST = 60;

const short = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return [...line].length <= WIDEST ? line : `${[...line].slice(0, WIDEST - 1).join('')}…`;
};

const count = (n: number): string => `${n} ${n === 1 ? 'row' : 'rows'}`;

/** What is said below a table. */
export function sizeOf({ rows, truncated }: Answer): string {
  if (truncated) return `The first ${count(rows.length)}; there are more.`;
  return rows.length > SHOWN
    ? `${count(rows.length)}, of which ${SHOWN} are shown.`
    : `${count(rows.length)}.`;
}

/** Columns one below another, for a terminal. */
export function textTable(answer: Answer): string {
  const { columns, rows } = answer;
  const cells = rows.slice(0, SHOWN).map((row) => columns.map((_, i) => short(shown(row[i]))));
  const widths = columns.map(({ name }, i) =>
    Math.max([...name].length, ...cells.map((row) => [...row[i]!].length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((text, i) => {
        const blank = ' '.repeat(widths[i]! - [...text].length);
        return isNumeric(columns[i]!.type) ? blank + text : text + blank;
      })
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ name }) => name)),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...cells.map(line),
    sizeOf(answer),
  ].join('\n');
}

/** A table of HTML without attributes but `scope` and `class`. @param caption what it shows. Default: its size alone */
export function htmlTable(answer: Answer, caption?: string): string {
  const { columns, rows } = answer;
  const head = columns.map(({ name }) => `<th scope="col">${escaped(name)}</th>`).join('');
  const body = rows
    .slice(0, SHOWN)
    .map((row) => `<tr>${columns.map(({ type }, i) => cell(shown(row[i]), type)).join('')}</tr>`)
    .join('\n');
  const said = caption === undefined ? sizeOf(answer) : `${caption}: ${sizeOf(answer)}`;
  return `<table><caption>${escaped(said)}</caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody></table>`;
}

const cell = (text: string, type: string): string =>
  isNumeric(type) ? `<td class="number">${escaped(text)}</td>` : `<td>${escaped(text)}</td>`;
