import type { FailureGroup } from '../failure-groups.ts';
import type { Json } from '../json.ts';
import { biggest, boundedSummary, LISTED, shortened } from './bounded-summary.ts';
import type { Message, Section } from './message.ts';
import type { LoadSummary, RunSummary, StaleSummary } from './summary.ts';
import { bytes, count, duration, instant, number } from './words.ts';

/** So many names within a line; the rest is only counted. */
const NAMED = 5;

/**
 * The notification on a run: first whether it is good, then what failed with cause and next action, what was
 * loaded, what changed. It stays short however many tables there are, and holds no personal data.
 */
export function composeRun(summary: RunSummary): Message {
  return {
    kind: 'run',
    severity: summary.status === 'failed' ? 'error' : 'info',
    audience: 'team',
    subject: subjectOf(summary),
    sections: sectionsOf(summary),
    reference: { what: 'Run', id: summary.run },
    dedupeKey: summary.run,
    data: { summary: boundedSummary(summary) as unknown as Json },
  };
}

/** `Good: Lakeside College loaded, 31 students may need attention` or `FAILED: Lakeside College, 2 problems: …` */
function subjectOf({ status, campus, failures, failed, loads, headlines = [] }: RunSummary): string {
  if (status === 'succeeded') {
    return oneLine(`Good: ${[campus, `${count(loads.length, 'dataset')} loaded`, ...headlines].join(', ')}`);
  }
  const names = [...new Set(failures.map(nameOf).filter(Boolean))];
  const some =
    names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${number(names.length - 3)} more` : '');
  const causes = failures.length < failed ? ` of ${count(failures.length, 'cause')}` : '';
  return oneLine(`FAILED: ${campus}, ${count(failed, 'problem')}${causes}${some ? `: ${some}` : ''}`);
}

/** What a group is about, in a word: its source where the cause reaches all of it. */
const nameOf = ({ reach, source, about }: FailureGroup): string =>
  reach === 'source' && source !== '' ? source : about;

/** The first is the verdict; the others are there only where they have something to say. */
function sectionsOf(summary: RunSummary): Section[] {
  const { failures, failed, loads, schemaChanges, remarks, stale } = summary;
  const sections: Section[] = [
    { title: '', lines: verdictOf(summary) },
    {
      title: `What failed (${failed === failures.length ? number(failed) : `${number(failed)}, of ${count(failures.length, 'cause')}`})`,
      lines: listed(failures, LISTED.failures, (group) => failureLine(group, loads)),
    },
    { title: staleTitle(stale), lines: listed(stale, LISTED.stale, staleLine) },
    { title: loadTitle(loads), lines: loadLines(loads) },
    {
      title: `What changed at the sources (${number(schemaChanges.length)})`,
      lines: listed(schemaChanges, LISTED.changes, ({ dataset, change }) => oneLine(`${dataset}: ${change}`)),
    },
    {
      title: `Remarks (${number(remarks.length)})`,
      lines: listed(remarks, LISTED.remarks, ({ about, text }) => oneLine(`${about}: ${shortened(text)}`)),
    },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/**
 * `canvas: Canvas refused the login. 36 tables were not loaded: canvas.a, canvas.b and 34 more. sis was loaded.
 * Owner: Registrar. Next: …`
 */
function failureLine(group: FailureGroup, loads: readonly LoadSummary[]): string {
  const { message, hint, tables, owners, count: many, reach, source, about } = group;
  const who = owners.length > 0 ? ` Owner: ${named(owners)}.` : '';
  const met =
    many > 1
      ? ` ${count(many, 'step')} failed so${tables.length > 0 ? `: ${named(tables, Math.max(many, tables.length))}` : ''}.`
      : '';
  const others = reach === 'source' ? othersLoaded(source, loads) : '';
  const name = nameOf(group) || about || 'the run';
  return oneLine(`${name}: ${shortened(message)}${met}${others}${who} Next: ${shortened(hint)}`);
}

/** What of the other sources came: a source that is closed does not mean that the night is lost. */
function othersLoaded(source: string, loads: readonly LoadSummary[]): string {
  const counts = new Map<string, number>();
  for (const { dataset } of loads) {
    const of = dataset.split('.', 1)[0]!;
    if (of !== source) counts.set(of, (counts.get(of) ?? 0) + 1);
  }
  return [...counts].map(([of, n]) => ` ${of} was loaded (${count(n, 'dataset')}).`).join('');
}

function verdictOf(summary: RunSummary): string[] {
  const { status, campus, startedAt, endedAt, asOf, published, tables, checks, stale } = summary;
  const took = duration(Date.parse(endedAt) - Date.parse(startedAt));
  const known = asOf ? `, as of ${instant(asOf)}` : '';
  const verdict =
    status === 'succeeded'
      ? `All is well at ${campus}: the run that ended at ${instant(endedAt)} succeeded in ${took}.`
      : `The run at ${campus} that ended at ${instant(endedAt)} FAILED after ${took}.`;
  const seen = published
    ? `${count(tables, 'table')} published${known}.${status === 'failed' ? ' Tables that failed show their last good state.' : ''}${stale.length > 0 ? ' Older tables are listed with their own times.' : ''}`
    : 'Nothing was published; dashboards and queries still show the previous run.';
  const checked = checks.run === 0 ? [] : [checkLine(checks)];
  return [oneLine(verdict), seen, ...checked, ...featureLines(summary)];
}

const featureLines = ({ lines = [] }: RunSummary): string[] =>
  listed(lines, LISTED.remarks, (line) => oneLine(shortened(line)));

function staleTitle(stale: readonly StaleSummary[]): string {
  return `What is older (${number(stale.reduce((sum, { tables }) => sum + tables.length, 0))})`;
}

/** `canvas.submissions (Data team): known up to 2026-10-23 11:00 UTC, its load failed. Read by campus.submissions` */
function staleLine({ tables, asOf, why, owners, readers }: StaleSummary): string {
  const who = owners.length > 0 ? ` (${named(owners)})` : '';
  const known = asOf === undefined ? '' : `known up to ${instant(asOf)}, `;
  const read = readers.length > 0 ? ` Read by ${named(readers)}.` : '';
  return oneLine(`${named(tables)}${who}: ${known}${shortened(why)}.${read}`);
}

function named(names: readonly string[], all = names.length): string {
  const more = all - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${number(more)} more` : '');
}

function checkLine({ run, warned, failed }: RunSummary['checks']): string {
  const passed = run - warned - failed;
  const rest = [
    ...(warned > 0 ? [`${number(warned)} warned`] : []),
    ...(failed > 0 ? [`${number(failed)} failed`] : []),
  ];
  return rest.length === 0
    ? `${count(run, 'check')}, all passed.`
    : `${count(run, 'check')}: ${[`${number(passed)} passed`, ...rest].join(', ')}.`;
}

function loadTitle(loads: readonly LoadSummary[]): string {
  const snapshots = loads.filter(({ kind }) => kind === 'snapshot').length;
  const parts = [
    ...(snapshots ? [count(snapshots, 'snapshot')] : []),
    ...(loads.length - snapshots ? [count(loads.length - snapshots, 'increment')] : []),
  ];
  const rows = loads.reduce((sum, load) => sum + load.rows, 0);
  const size = loads.reduce((sum, load) => sum + load.bytes, 0);
  const kinds = parts.length ? ` (${parts.join(', ')})` : '';
  return `What was loaded: ${count(loads.length, 'dataset')}${kinds}, ${count(rows, 'row')}, ${bytes(size)}`;
}

function loadLines(loads: readonly LoadSummary[]): string[] {
  if (loads.length === 0) return ['nothing: no dataset had anything new, or none could be loaded'];
  return listed(
    biggest(loads),
    LISTED.loads,
    ({ dataset, kind, rows, bytes: size }) => `${dataset}: ${kind}, ${count(rows, 'row')}, ${bytes(size)}`,
  );
}

function listed<T>(items: readonly T[], most: number, line: (item: T) => string): string[] {
  const lines = items.slice(0, most).map(line);
  if (items.length > most) lines.push(`and ${number(items.length - most)} more`);
  return lines;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
