import { colours } from '../../colours.ts';
import { printable } from '../../printable.ts';
import type { Answer } from '../answer.ts';

/** So many rows of evidence are shown for a cause; --json has all. */
const SHOWN = 6;

/** An answer as a person reads it on a terminal. */
export function answerInWords(given: Answer): string {
  const answer = shownSafely(given);
  const paint = colours(process.stdout);
  const { headline, causes, evidence, next, found, tables, remarks, by } = answer;
  const lines: string[] = [paint.bold(headline)];
  const section = (title: string, of: readonly string[]) => {
    if (of.length > 0) lines.push('', paint.dim(title), ...of);
  };
  if (by.kind === 'model')
    section(
      `In the words of ${by.model}, each claim checked against its evidence`,
      by.claims.map(({ text, evidence: cited }) => `  ${text} ${paint.dim(`[${cited.join(', ')}]`)}`),
    );
  if (causes.length > 1 || causes[0]?.explains.length)
    section(
      'Causes, the likeliest first',
      causes.flatMap(({ text, confidence, component, reason, time, explains }, i) => [
        `  ${i + 1}. ${text} ${paint.dim(`${reason}, ${component}, ${time}, ${Math.round(confidence * 100)} %`)}`,
        ...explains.slice(0, 3).map((one) => `     ${paint.dim('which explains:')} ${one.text}`),
        ...(explains.length > 3 ? [paint.dim(`     and ${explains.length - 3} more`)] : []),
      ]),
    );
  section(
    'Evidence',
    evidence
      .slice(0, SHOWN)
      .map(({ id, at, text }) => `  ${at.slice(0, 19)}Z  ${text}\n    ${paint.dim(id)}`),
  );
  if (evidence.length > SHOWN) lines.push(paint.dim(`  and ${evidence.length - SHOWN} more rows (--json)`));
  section(
    'Found',
    found.map(({ table, column, type, description, link, why }) =>
      [
        `  ${column === undefined ? table : `${table}.${column}`}${type ? ` ${paint.dim(type)}` : ''}`,
        ...(description ? [`    ${description}`] : []),
        `    ${paint.dim([link, why].filter(Boolean).join(' · '))}`,
      ].join('\n'),
    ),
  );
  if (answer.kind === 'status')
    section(
      'Now',
      tables.map(
        ({ table, status, asOf, owner }) =>
          `  ${table}: ${status}${asOf ? `, as of ${asOf}` : ''}${owner ? `, ${owner}` : ''}`,
      ),
    );
  section(
    'Next',
    next.map(({ text, command, link }) =>
      [
        `  ${text}`,
        ...(command ? [`    $ ${command}`] : []),
        ...(link ? [`    ${paint.dim(link)}`] : []),
      ].join('\n'),
    ),
  );
  if (remarks.length > 0) lines.push('', ...remarks.map((remark) => paint.dim(remark)));
  if (by.kind === 'rules' && by.fellBack) lines.push('', paint.dim(by.fellBack.text));
  return lines.join('\n');
}

/** The same with every text as a terminal shows and does not obey it. */
function shownSafely<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map(shownSafely) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, shownSafely(of)])) as T;
}
