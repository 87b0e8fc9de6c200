import { escaped } from '../../escaped.ts';
import type { Json } from '../../json.ts';
import type { Procedure } from '../language/tree.ts';
import { shown } from './evaluate.ts';
import type { Outcome, RunState } from './state.ts';
import type { Passed, Position } from './walk.ts';

/** Rows of one result that a report shows. */
const SHOWN_ROWS = 20;
const HIDDEN = '(number of a person)';

/** A line of a report, with the table that is its evidence. */
export interface ReportedStep {
  readonly path: string;
  readonly text: string;
  /** What was found or decided, in words. */
  readonly said: string;
  /** Who or what decided it. */
  readonly decided: string;
  readonly at?: string;
  readonly query?: string;
  readonly table?: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
    readonly left: number;
  };
}

/** An execution for a reader: the decision, and the evidence for it. */
export interface RunReport {
  readonly id: string;
  readonly procedure: string;
  readonly title: string;
  readonly hash: string;
  readonly status: RunState['status'];
  readonly decision?: string;
  readonly because?: string;
  readonly failure?: string;
  /** What is waited for. */
  readonly waitsFor?: {
    readonly name: string;
    readonly question: string;
    readonly roles: readonly string[];
    readonly choices: readonly string[];
  };
  readonly startedAt: string;
  readonly startedBy: string;
  readonly endedAt?: string;
  readonly given: readonly (readonly [name: string, value: string])[];
  readonly steps: readonly ReportedStep[];
  /** What was done and does not follow from the answers as they are now. It stands. */
  readonly stands: readonly string[];
}

/** The report on an execution as it stands. */
export function reportOf(state: RunState, { passed, next }: Position, procedure: Procedure): RunReport {
  const people = procedure.needs.flatMap(({ name, type }) =>
    type.kind === 'person' ? [state.args[name]] : [],
  );
  const text = (value: Json): string => hidden(shown(value), people);
  const { id, hash, status, startedAt, startedBy, decision, because, endedAt, failure } = state;
  const onPath = new Set(passed.flatMap(({ outcome }) => (outcome ? [outcome.key] : [])));
  const acted = [...Object.values(state.outcomes), ...state.superseded].filter(
    ({ acts, key, state: how }) => acts && how === 'done' && !onPath.has(key),
  );
  const doubt = Object.values(state.outcomes).find((one) => one.state === 'unknown');
  return {
    id,
    procedure: procedure.name,
    title: procedure.title,
    hash,
    status,
    ...(decision === undefined ? {} : { decision }),
    ...(because ? { because: hidden(because, people) } : {}),
    ...(failure ? { failure: failure.message } : {}),
    ...(status === 'waiting' && doubt ? { waitsFor: doubtOf(doubt, procedure) } : {}),
    ...(status === 'waiting' && !doubt && next && next.kind !== 'call'
      ? {
          waitsFor: {
            name: next.step.bind,
            question: hidden(next.question, people),
            roles: next.roles,
            choices: next.type.kind === 'choice' ? next.type.options : [next.type.kind],
          },
        }
      : {}),
    startedAt,
    startedBy: `${startedBy.by} as ${startedBy.role}`,
    ...(endedAt ? { endedAt } : {}),
    given: procedure.needs.map(({ name, type }) => [
      name,
      type.kind === 'person' ? HIDDEN : text(state.args[name] ?? null),
    ]),
    steps: passed.map((one) => stepOf(one, text)),
    stands: acted.map(({ name, at }) => `@${name} at ${at}`),
  };
}

/** By this name a person says whether a call was done that nobody saw the end of. */
export const WAS_IT_DONE = 'was_it_done';

const doubtOf = ({ name, at }: Outcome, { roles }: Procedure) => ({
  name: WAS_IT_DONE,
  question: `@${name} was begun at ${at} and nobody saw its end. Was it done?`,
  roles,
  choices: ['done', 'not done'],
});

function hidden(text: string, people: readonly (Json | undefined)[]): string {
  return people.reduce<string>(
    (rest, one) => (typeof one === 'string' && one !== '' ? rest.replaceAll(one, HIDDEN) : rest),
    text,
  );
}

function stepOf(passed: Passed, text: (value: Json) => string): ReportedStep {
  const { path, step, decided, outcome, criterion, verdict } = passed;
  const value = passed.value ?? null;
  const table = step.kind === 'call' ? tableOf(value, text) : undefined;
  return {
    path,
    text: criterion ?? step.text,
    said: saidOf(passed, text),
    decided:
      decided.role === '' ? (verdict === undefined ? '' : decided.by) : `${decided.by} as ${decided.role}`,
    ...(outcome ? { at: outcome.at } : {}),
    ...(outcome?.query ? { query: outcome.query } : {}),
    ...(table ? { table } : {}),
  };
}

function saidOf({ step, verdict, value = null }: Passed, text: (value: Json) => string): string {
  if (step.kind === 'stop') return value === '' ? `${verdict}` : `${verdict}: ${text(value)}`;
  if (step.kind === 'ask' || step.kind === 'note') return text(value);
  if (verdict !== undefined) return verdict;
  if (Array.isArray(value)) return `${value.length} ${value.length === 1 ? 'row' : 'rows'}`;
  return value !== null && typeof value === 'object' ? '' : text(value);
}

/** Rows of a list of records, or the fields of one. */
function tableOf(value: Json, text: (value: Json) => string): ReportedStep['table'] {
  const records = (Array.isArray(value) ? value : [value]).filter(
    (one): one is { [key: string]: Json } => one !== null && typeof one === 'object' && !Array.isArray(one),
  );
  if (records.length === 0) return undefined;
  const columns = [...new Set(records.flatMap((one) => Object.keys(one)))];
  const rows = records.slice(0, SHOWN_ROWS).map((one) => columns.map((column) => text(one[column] ?? null)));
  return { columns, rows, left: records.length - rows.length };
}

/** As Markdown. */
export function reportMarkdown(report: RunReport): string {
  const lines = [`# ${md(report.title)}`, '', `**${md(headline(report))}**`, ''];
  if (report.because) lines.push(md(report.because), '');
  if (report.waitsFor) {
    const { question, roles, choices } = report.waitsFor;
    lines.push(`Waits for ${md(roles.join(' or '))}: ${md(question)} (${md(choices.join(', '))})`, '');
  }
  lines.push(...facts(report).map(([name, value]) => `- ${name}: ${md(value)}`), '');
  for (const step of report.steps) {
    lines.push(`## ${step.path}`, '', `\`${step.text.replaceAll('`', "'")}\``, '');
    if (step.said !== '')
      lines.push(`${md(step.said)}${step.decided === '' ? '' : ` (${md(step.decided)})`}`, '');
    if (step.table) {
      const { columns, rows, left } = step.table;
      lines.push(`| ${columns.map(md).join(' | ')} |`, `|${columns.map(() => '---').join('|')}|`);
      lines.push(...rows.map((row) => `| ${row.map(md).join(' | ')} |`), '');
      if (left > 0) lines.push(`and ${left} more`, '');
    }
  }
  if (report.stands.length > 0)
    lines.push('## Done before answers were changed', '', ...report.stands.map((one) => `- ${md(one)}`), '');
  return `${lines.join('\n').trimEnd()}\n`;
}

/** As one page without scripts and without links to elsewhere. */
export function reportHtml(report: RunReport): string {
  const step = (one: ReportedStep) =>
    `<section><h2>${escaped(one.path)}</h2><p><code>${escaped(one.text)}</code></p>${one.said === '' ? '' : `<p>${escaped(one.said)}${one.decided === '' ? '' : ` <small>(${escaped(one.decided)})</small>`}</p>`}${one.table ? tableHtml(one.path, one.table) : ''}</section>`;
  const waits = report.waitsFor
    ? `<p>Waits for ${escaped(report.waitsFor.roles.join(' or '))}: ${escaped(report.waitsFor.question)}</p>`
    : '';
  const stands =
    report.stands.length > 0
      ? `<h2>Done before answers were changed</h2><ul>${report.stands.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul>`
      : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(report.title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;margin:.5rem 0}th,td{border:1px solid #767676;padding:.2rem .5rem;text-align:left;vertical-align:top}
code{white-space:pre-wrap;overflow-wrap:anywhere}h2{font-size:1rem;margin:1.5rem 0 .2rem}.wide{overflow-x:auto}</style></head>
<body><main><h1>${escaped(report.title)}</h1><p><strong>${escaped(headline(report))}</strong></p>
${report.because ? `<p>${escaped(report.because)}</p>` : ''}${waits}
<dl>${facts(report)
    .map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`)
    .join('')}</dl>
${report.steps.map(step).join('\n')}
${stands}</main></body></html>
`;
}

function tableHtml(path: string, { columns, rows, left }: NonNullable<ReportedStep['table']>): string {
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`)
    .join('');
  return `<div class="wide" tabindex="0" role="region" aria-label="${escaped(`Result of ${path}`)}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>${left > 0 ? `<p>and ${left} more</p>` : ''}`;
}

const headline = ({ status, decision, failure }: RunReport): string => {
  if (status === 'ended') return `Decision: ${decision}`;
  if (status === 'failed') return `Failed: ${failure}`;
  return status === 'waiting' ? 'Waits for an answer' : 'Under way';
};

const facts = (report: RunReport): (readonly [string, string])[] => [
  ['Execution', report.id],
  ['Procedure', `${report.procedure}, ${report.hash.slice(0, 12)}`],
  ['Started', `${report.startedAt} by ${report.startedBy}`],
  ...(report.endedAt ? [['Ended', report.endedAt] as const] : []),
  ...report.given,
];

/** What Markdown would read as something else than text. */
const md = (text: string): string =>
  text.replaceAll(/([\\`*_[\]<>|#])/g, '\\$1').replaceAll(/\s*\n\s*/g, ' ');
