import { resolve } from 'node:path';
import type { Campus } from '../../campus/campus.ts';
import { CampusFileError } from '../../campus/errors.ts';
import { nameOf, readText } from '../../campus/files.ts';
import { didYouMean } from '../../campus/nearest.ts';
import type { Finding } from '../../campus/problem.ts';
import { readYaml } from '../../campus/read-yaml.ts';
import { axisOf, type CampusCalendar } from '../evaluate/axis.ts';
import { AlertProgramError } from '../language/errors.ts';
import { dataExprs, type Expr } from '../language/expr.ts';
import { parseExpression } from '../language/interpreter.ts';
import { exactTags, fits, type KeyQuery, type Query } from '../language/query.ts';
import { METRICS } from '../metrics.ts';
import { ALERTS_FILE } from '../tables.ts';
import type { Alert, Alerts } from './alert.ts';
import { type AlertsFile, alertsSchema, type WrittenAlert, weekdayNumber } from './alerts-schema.ts';
import { type Meaning, meaningOf, SentenceFault } from './sentence.ts';

/**
 * Reads alerts.yaml. A campus without it has no alerts.
 * @throws CampusFileError naming every problem by line and column
 */
export async function loadAlerts({ root, timeZone }: Pick<Campus, 'root' | 'timeZone'>): Promise<Alerts> {
  const path = resolve(root, ALERTS_FILE);
  const text = await readText(path);
  if (text === undefined)
    return { alerts: [], calendar: { zone: timeZone, days: [1, 2, 3, 4, 5], breaks: [] } };
  return alertsIn(nameOf(path), text, timeZone);
}

/** The same of a text. @throws as `loadAlerts` does */
export function alertsIn(name: string, text: string, zone: string): Alerts {
  const read = readYaml<AlertsFile>(name, text, alertsSchema);
  if (!read.value) throw new CampusFileError(read.problems());
  const { calendar: written, alerts } = read.value;
  const calendar: CampusCalendar = { zone, days: written.days.map(weekdayNumber), breaks: written.breaks };
  for (const [i, { from, to }] of written.breaks.entries())
    if (from > to) read.add([{ path: ['calendar', 'breaks', i], text: `this break ends before it begins` }]);
  const made = Object.entries(alerts).flatMap(([alert, own]) => {
    const { line } = read.place(['alerts', alert], 'key');
    const { problems, value } = alertOf(alert, own, calendar, `${name}:${line}`);
    read.add(problems.map((problem) => ({ ...problem, path: ['alerts', alert, ...problem.path] })));
    return value ? [value] : [];
  });
  const problems = read.problems();
  if (problems.length > 0) throw new CampusFileError(problems);
  return { alerts: made, calendar };
}

interface Made {
  readonly problems: readonly Finding[];
  readonly value?: Alert;
}

function alertOf(name: string, own: WrittenAlert, calendar: CampusCalendar, place: string): Made {
  const { when, expr: program } = own;
  if ((when === undefined) === (program === undefined))
    return { problems: [{ path: [], on: 'key', text: 'it needs one of when and expr' }] };
  const at = when === undefined ? 'expr' : 'when';
  const meaning = meaningIn(own);
  if ('problem' in meaning) return { problems: [{ path: [at], text: meaning.problem }] };
  const step = own.step ?? meaning.step;
  const axis = axisOf(step, calendar);
  if (!axis)
    return {
      problems: [{ path: ['step'], text: `"${step}" divides no day: 1m to 12h, such as 5m, 30m, 1h or 6h` }],
    };
  const problems = [...unknownMetrics(meaning.expr, at), ...toldToStudents(own, meaning.expr, at)];
  if (problems.length > 0) return { problems };
  return {
    problems: [],
    value: {
      name,
      description: own.description,
      written: (when ?? program)!.trim(),
      program: meaning.program,
      expr: meaning.expr,
      ...(meaning.legend === undefined ? {} : { legend: meaning.legend }),
      axis,
      for: own.for,
      keepsAbsent: own.absent === undefined ? (meaning.keepsAbsent ?? false) : own.absent === 'keep',
      severity: own.severity,
      role: own.role,
      ...(own.owner === undefined ? {} : { owner: own.owner }),
      place,
    },
  };
}

type Read = (Omit<Meaning, 'step'> & { step: string; expr: Expr; legend?: string }) | { problem: string };

function meaningIn({ when, expr: program }: WrittenAlert): Read {
  try {
    const meaning = when === undefined ? { program: program!, step: 'day' as const } : meaningOf(when);
    return { ...meaning, ...parseExpression(meaning.program) };
  } catch (error) {
    if (error instanceof SentenceFault)
      return { problem: `column ${error.at + 1} of the condition: ${error.problem}` };
    if (error instanceof AlertProgramError)
      return { problem: `line ${error.line}, column ${error.column} of the expression: ${error.problem}` };
    throw error;
  }
}

/** A metric that nobody brings is a misspelt one: its alert would never fire. */
function unknownMetrics(expr: Expr, at: string): Finding[] {
  const names = METRICS.map(({ name }) => name);
  return dataExprs(expr).flatMap(({ query }) => {
    const name = exactTags(query).get('name');
    if (name === undefined || names.includes(name)) return [];
    return [{ path: [at], text: `there is no metric "${name}"${didYouMean(name, names)}` }];
  });
}

function toldToStudents({ role }: WrittenAlert, expr: Expr, at: string): Finding[] {
  if (role !== 'student') return [];
  const telling = METRICS.filter(({ tellsGrade, name }) => tellsGrade && readsMetric(expr, name));
  if (telling.length === 0) return [];
  return [
    {
      path: [at],
      text: `it reads ${telling.map(({ name }) => name).join(', ')}, which tells grades, and its role is student: a message to a student may tell no grade`,
    },
  ];
}

/** Whether an expression may read a metric: whatever does not exclude its name may. */
export const readsMetric = (expr: Expr, name: string): boolean =>
  dataExprs(expr).some(({ query }) => mayMatch(query, name));

function mayMatch(query: Query, name: string): boolean {
  switch (query.kind) {
    case 'false':
      return false;
    case 'and':
      return mayMatch(query.a, name) && mayMatch(query.b, name);
    case 'or':
      return mayMatch(query.a, name) || mayMatch(query.b, name);
    case 'not':
      return isAboutName(query.query) ? !fits(query.query, name) : true;
    default:
      return isAboutName(query) ? fits(query, name) : true;
  }
}

const isAboutName = (query: Query): query is KeyQuery => 'key' in query && query.key === 'name';

/** How many there are, in words; undefined where there are none. @throws as `loadAlerts` does */
export async function examineAlerts(campus: Pick<Campus, 'root' | 'timeZone'>): Promise<string | undefined> {
  const { length } = (await loadAlerts(campus)).alerts;
  return length === 0 ? undefined : `${length} ${length === 1 ? 'alert' : 'alerts'}`;
}
