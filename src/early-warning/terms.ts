import { queryTables } from '../access/query.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { CUTOFFS } from './tables.ts';

type Needs = Uses<'campus' | 'session' | 'engine'>;

/** The end of a week of a term: week n ends with day 7 n after the first, so that a whole week has passed since. */
export interface Cutoff {
  readonly week: number;
  /** The last day that counts, ISO 8601. */
  readonly date: string;
}

/** A term with the weeks at whose end early warning looks. */
export interface Term {
  readonly code: string;
  /** ISO dates. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly cutoffs: readonly Cutoff[];
}

/** A term that is over, with final grades. */
export interface PastTerm extends Term {
  readonly graded: number;
}

/** Older courses are others. */
const YEARS_BACK = 4;

/**
 * The terms from which can be learned: over, with final grades, begun in the last four years. Oldest first.
 * @param asOf how far the lake is loaded, ISO 8601
 */
export async function pastTerms(lake: Needs, tables: TableSet, asOf: string): Promise<PastTerm[]> {
  const today = `DATE '${dateAt(lake, asOf)}'`;
  const rows = await texts(
    lake,
    tables,
    `SELECT t.term_code, CAST(t.first_day AS varchar), CAST(t.last_day AS varchar), count(e.final_grade)
     FROM sis.registrar_terms t
     JOIN campus.enrolments e ON e.term_code = t.term_code
     WHERE t.last_day < ${today} AND t.first_day > date_add('year', ${-YEARS_BACK}, ${today})
     GROUP BY t.term_code, t.first_day, t.last_day
     HAVING count(e.final_grade) > 0
     ORDER BY t.first_day, t.term_code`,
  );
  return rows.map(([code, first, last, graded]) => ({
    code: code!,
    firstDay: first!,
    lastDay: last!,
    graded: Number(graded),
    cutoffs: cutoffsOf(first!, last!),
  }));
}

/** The terms that are running, with the weeks of each that are over. */
export async function runningTerms(lake: Needs, tables: TableSet, asOf: string): Promise<Term[]> {
  const date = dateAt(lake, asOf);
  const rows = await texts(
    lake,
    tables,
    `SELECT term_code, CAST(first_day AS varchar), CAST(last_day AS varchar)
     FROM sis.registrar_terms
     WHERE DATE '${date}' BETWEEN first_day AND last_day
     ORDER BY first_day, term_code`,
  );
  return rows.map(([code, first, last]) => ({
    code: code!,
    firstDay: first!,
    lastDay: last!,
    // A day counts when it is over.
    cutoffs: cutoffsOf(first!, last!).filter((cutoff) => cutoff.date < date),
  }));
}

/** The cut-offs as the table that the models of early warning read. */
export function cutoffTable(
  lake: Uses<'campus' | 'engine'>,
  terms: readonly Term[],
  version: string,
): Promise<TableVersion> {
  return lake.platform.engine.literalTable(
    CUTOFFS,
    [
      { name: 'term_code', type: 'varchar' },
      { name: 'week', type: 'integer' },
      { name: 'cutoff_date', type: 'date' },
      { name: 'time_zone', type: 'varchar' },
    ],
    terms.flatMap(({ code, cutoffs }) =>
      cutoffs.map(({ week, date }) => [code, week, date, lake.campus.timeZone]),
    ),
    version,
  );
}

const DAY_MS = 86_400_000;

function cutoffsOf(firstDay: string, lastDay: string): Cutoff[] {
  const first = Date.parse(firstDay);
  const days = Math.round((Date.parse(lastDay) - first) / DAY_MS);
  return Array.from({ length: Math.floor(days / 7) }, (_, i) => ({
    week: i + 1,
    date: new Date(first + 7 * (i + 1) * DAY_MS).toISOString().slice(0, 10),
  }));
}

/** The date of an instant by the clock of the campus. */
function dateAt(lake: Needs, instant: string): string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: lake.campus.timeZone, dateStyle: 'short' });
  return format.format(new Date(instant));
}

async function texts(lake: Needs, tables: TableSet, select: string): Promise<string[][]> {
  const rows: string[][] = [];
  const result = await queryTables(lake, select, tables);
  for await (const batch of result.batches()) rows.push(...batch.map((row) => row.map(String)));
  return rows;
}
