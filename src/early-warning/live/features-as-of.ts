import type { Uses } from '../../ports/step.ts';
import type { TableSet } from '../../ports/tables.ts';
import { treatmentOf } from '../../privacy/treatment.ts';
import { runningTerms, type Term } from '../terms.ts';

/** Work that Canvas's live events tell of between two loads. There where live events are received. */
const LIVE_SUBMISSIONS = 'campus.live_submissions';
const SUBMISSIONS = 'canvas.submissions';
const SOURCE = 'canvas';
/** What a live event of a submission tells and the features read. */
const TOLD = ['submitted_at', 'graded_at', 'posted_at', 'score'];

/**
 * The states of a submission in which what the event does not tell is not there: a grade or the work itself was taken back.
 * In others, and where no state came, an event may have left it out.
 */
const WITHOUT: Readonly<Record<string, readonly string[]>> = {
  submitted_at: ['unsubmitted'],
  graded_at: ['submitted', 'unsubmitted'],
  score: ['submitted', 'unsubmitted'],
};

const DAY_MS = 86_400_000;

/**
 * The running terms, cut off today in place of at the end of a week, so that the SQL of the nights gives the features as
 * of now. The week is the newest that is over: its model was learned at its end, and the next knows more than there is.
 * Of the first seven days there is none.
 * @param asOf how far everything that is read is known, ISO 8601
 */
export async function termsAsOf(
  lake: Uses<'campus' | 'session' | 'engine'>,
  reads: TableSet,
  asOf: string,
): Promise<Term[]> {
  const zone = lake.campus.timeZone;
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(
    new Date(asOf),
  );
  return (await runningTerms(lake, reads, asOf)).flatMap((term) => {
    const days = Math.round((Date.parse(today) - Date.parse(term.firstDay)) / DAY_MS);
    const week = Math.floor(days / 7);
    return week < 1 ? [] : [{ ...term, cutoffs: [{ week, date: today }] }];
  });
}

/**
 * The tables that features are made of, with what live events have told since the last load of Canvas. Canvas has a row
 * for each student and piece of work from the day the piece is set, so an event changes a row and never adds one.
 */
export async function withLiveEvents(
  lake: Uses<'campus' | 'catalog' | 'engine'>,
  reads: TableSet,
  live: TableSet,
  version: string,
): Promise<TableSet> {
  const [submissions, told] = [reads[SUBMISSIONS], live[LIVE_SUBMISSIONS]];
  if (!submissions || !told || told.rows === 0) return reads;
  if (!submissions.columns.some(({ name }) => name === 'id')) return reads;
  const names = new Set(told.columns.map(({ name }) => name));
  const described = lake.catalog.of(SOURCE).find(({ table }) => table === 'submissions');
  const isWhole = (name: string) => {
    const column = described?.columns.find((one) => one.name === name);
    return column !== undefined && treatmentOf(lake.campus, column) === 'keep' && names.has('workflow_state');
  };
  const columns = submissions.columns.map(({ name, type }) => {
    if (!TOLD.includes(name) || !names.has(name)) return `s.${name}`;
    const told = `CAST(l.${name} AS ${type})`;
    const newest = `coalesce(${told}, s.${name})`;
    const without = WITHOUT[name]?.map((state) => `'${state}'`);
    if (!without || !isWhole(name)) return `${newest} AS ${name}`;
    return `CASE WHEN l.workflow_state IN (${without}) THEN ${told} ELSE ${newest} END AS ${name}`;
  });
  const select = `SELECT ${columns.join(', ')} FROM ${SUBMISSIONS} s
    LEFT JOIN ${LIVE_SUBMISSIONS} l ON l.submission_id = s.id AND l.source = '${SOURCE}'`;
  const overlaid = await lake.platform.engine.create(SUBMISSIONS, select, { ...reads, ...live }, version);
  return { ...reads, [SUBMISSIONS]: overlaid };
}
