import { queryTables } from '../access/query.ts';
import type { Cell } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { checkUnseen } from '../quality/run-checks.ts';
import { checksOfModel } from '../quality/table-check.ts';
import { WATCHED } from './drift.ts';
import { COLUMNS } from './measures.ts';
import { buildOwn, ownModels } from './own-models.ts';
import { CUTOFFS, FEATURES, OUTCOMES } from './tables.ts';
import { cutoffTable, type PastTerm } from './terms.ts';

/** One student in one course at the end of one week of a past term, and how the course ended. */
export interface Example {
  readonly user: string;
  readonly student: string | null;
  readonly course: string;
  readonly term: string;
  /** `scored`: there is work to judge by; otherwise `nothing handed in`, or `nothing due yet`. */
  readonly evidence: string;
  /** Among those of the same evidence, term and week: who has more evidence against them comes first. */
  readonly callPlace: number;
  /** The values of `MEASURES`, in their order. */
  readonly measures: readonly number[];
  /** The values of `WATCHED`, in their order. */
  readonly watched: readonly number[];
  /** Of the latest piece due, missing as 0; null where it has no score yet. A rival of the model, no part of it. */
  readonly lastScore: number | null;
  readonly unsuccessful: boolean;
  /** ISO date on which the outcome became known. */
  readonly knownOn: string;
}

/** All examples of one week. */
export interface ExampleWeek {
  readonly week: number;
  readonly examples: readonly Example[];
}

/**
 * The examples of past terms, week by week so that memory holds one week. They are made by the campus's own model of
 * the features over cut-offs of the past: what it makes of this week for the students of today, it makes here of
 * every week, cut off in the same way.
 * @throws EarlyWarningError where the campus lacks one of the models, CheckFailedError where what they give breaks one
 * of their checks
 */
export async function* examplesByWeek(
  lake: Uses<'campus' | 'session' | 'report' | 'signal' | 'clock' | 'engine'>,
  tables: TableSet,
  terms: readonly PastTerm[],
  weeks?: readonly number[],
): AsyncIterable<ExampleWeek> {
  const models = await ownModels(lake);
  // Tables that only this work reads; a sweep removes them.
  const version = `early-warning-${lake.platform.clock.now()}-${process.pid}`;
  const wanted = terms.map((term) => ({
    ...term,
    cutoffs: term.cutoffs.filter(({ week }) => !weeks || weeks.includes(week)),
  }));
  const reads: Record<string, TableVersion> = {
    ...tables,
    [CUTOFFS]: await cutoffTable(lake, wanted, version),
  };
  for (const table of [FEATURES, OUTCOMES]) {
    const model = models.get(table)!;
    const built = await buildOwn(lake, model, reads, version);
    const names = built.columns.map(({ name }) => name);
    await checkUnseen(lake, { version: built, checks: checksOfModel(model, names), others: reads });
    reads[table] = built;
  }
  const measures = WATCHED.map((column) => `coalesce(f.${column}, 0e0)`).join(', ');
  const select = `
    SELECT f.week, f.user_id, f.student_id, f.course_code, f.term_code, f.evidence, f.call_place, f.last_score_percent,
      o.is_unsuccessful, CAST(o.known_on AS varchar) AS known_on, ${measures}
    FROM ${FEATURES} f
    JOIN ${OUTCOMES} o ON o.user_id = f.user_id AND o.course_id = f.course_id AND o.term_code = f.term_code
    WHERE o.known_on > f.cutoff_date
    ORDER BY f.week, f.term_code, f.course_id, f.user_id`;
  const result = await queryTables(lake, select, reads);
  let week: number | undefined;
  let examples: Example[] = [];
  for await (const batch of result.batches()) {
    for (const row of batch) {
      const own = Number(row[0]);
      if (week !== undefined && own !== week) {
        yield { week, examples };
        examples = [];
      }
      week = own;
      examples.push(exampleOf(row));
    }
  }
  if (week !== undefined) yield { week, examples };
}

function exampleOf(row: readonly Cell[]): Example {
  const [, user, student, course, term, evidence, callPlace, last, unsuccessful, known, ...watched] = row;
  return {
    user: String(user),
    student: student === null ? null : String(student),
    course: String(course),
    term: String(term),
    evidence: String(evidence),
    callPlace: Number(callPlace),
    lastScore: last === null ? null : Number(last),
    unsuccessful: unsuccessful === true,
    knownOn: String(known),
    measures: watched.slice(0, COLUMNS.length).map(Number),
    watched: watched.map(Number),
  };
}
