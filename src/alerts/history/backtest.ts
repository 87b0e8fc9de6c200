import { didYouMean } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableSet } from '../../ports/tables.ts';
import type { Alert } from '../rules/alert.ts';
import { evaluateHistory } from './evaluate-history.ts';
import { rowsOf } from './published.ts';

const DAY_MS = 86_400_000;

/** What an alert would have done in a term. */
export interface Backtest {
  readonly alert: string;
  /** How often it began, and for how many series. */
  readonly began: number;
  readonly series: number;
  readonly students: number;
  /** How often it began in each week of the term. */
  readonly byWeek: readonly number[];
  /** By course, how often it began there. */
  readonly byCourse: Readonly<Record<string, number>>;
  /** Of the courses that students did not get through (DFW). Absent: there is none, or it is about no single students. */
  readonly outcome?: {
    /** Students in courses for whom it began, whose course has an outcome; of these, how many did not get through. */
    readonly warned: number;
    readonly warnedAndLost: number;
    /** All students in courses with an outcome, and all of these that did not get through. */
    readonly all: number;
    readonly lost: number;
    /** Days from the first time that it began to the end of the term, over those who did not get through: the median. */
    readonly medianDaysAhead?: number;
  };
}

export interface BacktestedTerm {
  readonly term: string;
  /** ISO dates. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly alerts: readonly Backtest[];
  /** Metrics that could not be read. */
  readonly missing: readonly string[];
}

type Needs = Uses<'session' | 'access' | 'ledger' | 'objects' | 'engine'>;

/**
 * Evaluates alerts over a past term. @param term its code. Default: the last one that is over
 * @throws InputError where there is no such term
 */
export async function backtest(
  lake: Needs,
  tables: TableSet,
  alerts: readonly Alert[],
  term?: string,
): Promise<BacktestedTerm> {
  const { code, first, last } = await termOf(lake, tables, term);
  const from = Date.parse(first);
  const to = Date.parse(last) + DAY_MS;
  const { changes, missing } = await evaluateHistory(lake, tables, alerts, { from, to });
  const outcomes = await outcomesOf(lake, tables, code);
  return {
    term: code,
    firstDay: first,
    lastDay: last,
    missing,
    alerts: alerts.map((alert) => {
      const began = changes.filter((change) => change.alert === alert && change.to === 'firing');
      const firstOf = new Map<string, number>();
      const byWeek: number[] = new Array(Math.ceil((to - from) / (7 * DAY_MS))).fill(0);
      const byCourse: Record<string, number> = {};
      const series = new Set<string>();
      const students = new Set<string>();
      for (const { tags, at } of began) {
        const week = Math.min(byWeek.length - 1, Math.max(0, Math.floor((at - 1 - from) / (7 * DAY_MS))));
        byWeek[week]!++;
        const course = tags.get('course');
        const student = tags.get('student');
        if (course !== undefined) byCourse[course] = (byCourse[course] ?? 0) + 1;
        if (student !== undefined) students.add(student);
        const key = `${student ?? ''}\n${course ?? ''}`;
        series.add(key);
        if (!firstOf.has(key)) firstOf.set(key, at);
      }
      const outcome = students.size === 0 ? undefined : comparedWith(outcomes, firstOf, to);
      return {
        alert: alert.name,
        began: began.length,
        series: series.size,
        students: students.size,
        byWeek,
        byCourse,
        ...(outcome === undefined ? {} : { outcome }),
      };
    }),
  };
}

/** By student and course, whether it was lost; an alert about all courses of a student warns of each. */
function comparedWith(
  outcomes: ReadonlyMap<string, boolean>,
  firstOf: ReadonlyMap<string, number>,
  end: number,
): Backtest['outcome'] | undefined {
  if (outcomes.size === 0) return undefined;
  let warned = 0;
  let warnedAndLost = 0;
  const ahead: number[] = [];
  for (const [key, isLost] of outcomes) {
    const first = firstOf.get(key) ?? firstOf.get(`${key.split('\n')[0]}\n`);
    if (first === undefined) continue;
    warned++;
    if (!isLost) continue;
    warnedAndLost++;
    ahead.push((end - first) / DAY_MS);
  }
  ahead.sort((a, b) => a - b);
  const middle = ahead[Math.floor((ahead.length - 1) / 2)];
  return {
    warned,
    warnedAndLost,
    all: outcomes.size,
    lost: [...outcomes.values()].filter(Boolean).length,
    ...(middle === undefined ? {} : { medianDaysAhead: Math.round(middle) }),
  };
}

async function termOf(
  lake: Needs,
  tables: TableSet,
  asked: string | undefined,
): Promise<{ code: string; first: string; last: string }> {
  const rows = await rowsOf(
    lake,
    tables,
    'SELECT term_code, CAST(first_day AS varchar), CAST(last_day AS varchar), phase FROM campus.terms ORDER BY first_day, term_code',
  );
  const found =
    asked === undefined
      ? rows.filter(([, , , phase]) => phase === 'over').at(-1)
      : rows.find(([code]) => code === asked);
  if (!found) {
    const codes = rows.map(([code]) => String(code));
    throw new InputError(
      asked === undefined
        ? 'No term is over yet.'
        : `There is no term "${asked}"${didYouMean(asked, codes)}.`,
      {
        hint:
          codes.length === 0
            ? '`lake run` loads the terms'
            : `the terms are ${codes.join(', ')}; name one by --term`,
      },
    );
  }
  return { code: String(found[0]), first: String(found[1]), last: String(found[2]) };
}

async function outcomesOf(lake: Needs, tables: TableSet, term: string): Promise<Map<string, boolean>> {
  if (!Object.hasOwn(tables, 'campus.grades')) return new Map();
  const rows = await rowsOf(
    lake,
    tables,
    `SELECT g.student_id, c.course_code, bool_or(g.is_dfw)
FROM campus.grades g JOIN campus.courses c ON c.course_id = g.course_id
WHERE g.term_code = '${term.replaceAll("'", "''")}' AND g.is_dfw IS NOT NULL AND g.student_id IS NOT NULL
GROUP BY g.student_id, c.course_code`,
  );
  return new Map(rows.map(([student, course, isLost]) => [`${student}\n${course}`, isLost === true]));
}
