import Table from 'cli-table3';
import { queryTables } from '../../access/query.ts';
import { colours } from '../../colours.ts';
import { InputError } from '../../errors.ts';
import type { Cell } from '../../ports/query-engine.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableSet } from '../../ports/tables.ts';
import { printable } from '../../printable.ts';
import { readAdvisers } from '../advisers.ts';
import { SUPPORT } from '../card/statements.ts';
import type { CourseDecision } from '../holds.ts';
import { earlierModel, expiredInWords, readModel } from '../model-store.ts';
import { readStudents, type StudentRecord } from '../students/records.ts';
import { contactInWords } from '../students/tables.ts';
import { DRIFT, SCORES } from '../tables.ts';
import { courseInWords } from '../watch.ts';

export interface ListOptions {
  /** Default: the newest of each term. */
  readonly week?: number;
  readonly limit: number;
  readonly term?: string;
  readonly firstSemester: boolean;
  /** Only the students of one adviser, by the registrar's number; `nobody`: those without one. */
  readonly adviser?: string;
  /** How many of each adviser: `limit` is of all. */
  readonly perAdviser?: number;
  /** Only whom nobody has contacted in the last so many days. */
  readonly notContacted?: number;
}

interface ListedStudent {
  readonly place: number;
  readonly student: string | null;
  readonly name: string | null;
  /** Who advises the student, by the registrar's numbers. */
  readonly advisers: readonly string[];
  readonly course: string;
  readonly term: string;
  readonly week: number;
  /** Null: nothing handed in, which is a rule and no prediction. */
  readonly risk: number | null;
  /** The same at the end of the week before. */
  readonly riskBefore: number | null;
  /** Whether the risk rests on at most one piece of work. */
  readonly isThin: boolean;
  readonly reasons: string | null;
  readonly inFavour: string | null;
  /** The newest contact with the student, as recorded. */
  readonly lastContact: { readonly on: string; readonly how: string; readonly reached: boolean } | null;
}

/** Whom to call, as last published. @throws InputError where nobody is scored */
export async function readList(
  lake: Uses<'session' | 'clock' | 'objects' | 'engine'>,
  tables: TableSet,
  options: ListOptions,
): Promise<ListedStudent[]> {
  if (!tables[SCORES]) {
    const model = await readModel(lake.platform.objects);
    throw new InputError('Nobody is scored yet.', {
      hint: model
        ? `${model.id} is in use since ${model.trainedAt.slice(0, 10)}: the next \`lake run\` scores the running terms`
        : '`lake early-warning train` learns from past terms; the next `lake run` scores the running ones',
    });
  }
  const { week, limit, term, firstSemester, adviser, perAdviser, notContacted } = options;
  const filters = [
    week === undefined ? 's.week = n.week' : `s.week = ${week}`,
    "s.evidence IN ('scored', 'nothing handed in')",
    term === undefined ? '' : `s.term_code = '${term.replaceAll("'", "''")}'`,
    firstSemester ? 's.is_first_semester' : '',
  ].filter((filter) => filter !== '');
  const select = `
    SELECT s.place, s.student_id, p.given_name || ' ' || p.family_name, s.course_code, s.term_code, s.week, s.risk,
      b.risk, s.is_thin, s.reasons, s.in_favour
    FROM ${SCORES} s
    JOIN (SELECT term_code, max(week) AS week FROM ${SCORES} GROUP BY term_code) n ON n.term_code = s.term_code
    LEFT JOIN ${SCORES} b ON b.user_id = s.user_id AND b.course_id = s.course_id AND b.term_code = s.term_code
      AND b.week = s.week - 1
    LEFT JOIN campus.students p ON p.student_id = s.student_id
    WHERE ${filters.join(' AND ')}
    ORDER BY s.place, s.term_code`;
  const advisers = await readAdvisers(lake, tables);
  const isEverybodys = adviser === undefined && perAdviser === undefined;
  const now = lake.platform.clock.now();
  const records = new Map((await readStudents(lake.platform.objects, now)).map((one) => [one.student, one]));
  const contactedSince = notContacted === undefined ? undefined : now - notContacted * DAY_MS;
  // What people have recorded counts at once, not from the next run on.
  const isWhole = isEverybodys && records.size === 0;
  const result = await queryTables(lake, select, tables, isWhole ? { limit } : {});
  const taken = new Map<string, number>();
  const rows: ListedStudent[] = [];
  for await (const batch of result.batches()) {
    for (const row of batch) {
      const student = listed(row);
      const record = student.student === null ? undefined : records.get(student.student);
      if (record && isLeftOut(record, student.course, contactedSince)) continue;
      const own = (student.student === null ? undefined : advisers.get(student.student)) ?? [];
      const asked = (own.length === 0 ? [NOBODY] : own).filter(
        (one) => adviser === undefined || one === adviser,
      );
      const free = asked.filter((one) => (taken.get(one) ?? 0) < (perAdviser ?? limit));
      for (const one of free) taken.set(one, (taken.get(one) ?? 0) + 1);
      if (isEverybodys || free.length > 0)
        rows.push({ ...student, advisers: own, lastContact: newestContact(record) });
    }
  }
  return rows.slice(0, limit);
}

const DAY_MS = 86_400_000;

/** @param contactedSince epoch ms; whoever was contacted since then is left out */
const isLeftOut = (
  { optedOut, corrections, contacts }: StudentRecord,
  course: string,
  contactedSince: number | undefined,
): boolean =>
  optedOut !== undefined ||
  corrections.some((one) => one.course === course) ||
  (contactedSince !== undefined && contacts.some(({ on }) => Date.parse(on) >= contactedSince));

function newestContact(record: StudentRecord | undefined): ListedStudent['lastContact'] {
  const [newest] = [...(record?.contacts ?? [])].sort((a, b) => (a.on < b.on ? 1 : -1));
  return newest ? { on: newest.on, how: newest.how, reached: newest.reached } : null;
}

/** Whose list holds the students without an adviser; as in `campus.advisor_list`. */
const NOBODY = 'nobody';

/** What has to be known before the list is used: courses on hold or to be watched, a model that is too old. */
export async function readNotices(
  lake: Uses<'session' | 'clock' | 'objects' | 'engine'>,
  tables: TableSet,
): Promise<string[]> {
  const notices: string[] = [];
  const model = await earlierModel(lake.platform.objects);
  const old = model && expiredInWords(model, lake.platform.clock.now());
  if (old !== undefined) notices.push(old);
  if (!tables[DRIFT]) return notices;
  const result = await queryTables(
    lake,
    `SELECT d.term_code, d.week, d.course_code, d.is_held, d.because
     FROM ${DRIFT} d
     JOIN (SELECT term_code, max(week) AS week FROM ${DRIFT} GROUP BY term_code) n
       ON n.term_code = d.term_code AND n.week = d.week
     WHERE d.is_held OR d.verdict = 'watch'
     ORDER BY d.term_code, d.course_code`,
    tables,
  );
  for await (const batch of result.batches()) {
    for (const [term, week, course, isHeld, because] of batch) {
      notices.push(
        courseInWords({
          term: String(term),
          week: Number(week),
          course: String(course),
          isHeld: isHeld === true,
          because: String(because),
        }),
      );
    }
  }
  return notices;
}

export const decisionsInWords = (decisions: readonly CourseDecision[]): string =>
  decisions.length === 0
    ? 'Nothing was decided about any course: the weekly check alone holds courses.'
    : decisions
        .map(
          ({ course, decision, because, at }) =>
            `${course}  ${decision === 'hold' ? 'on hold' : 'scored whatever the check says'} since ${at.slice(0, 10)}: ${because}`,
        )
        .join('\n');

/** Columns of the table with its lines; on a narrower screen each student is a paragraph. */
const WIDTHS = [7, 11, 18, 11, 9, 13, 44, 26];
const WIDTH = WIDTHS.reduce((sum, width) => sum + width + 1, 1);

/** @param screen columns of the terminal; `Infinity` where it is none */
export function listInWords(
  rows: readonly ListedStudent[],
  notices: readonly string[],
  screen: number,
): string {
  const { bold, dim } = colours();
  if (rows.length === 0)
    return [...notices, 'Nobody: no term is running, no week of it is over, or nobody is left to list.'].join(
      '\n',
    );
  const ends = new Set(rows.map(({ term, week }) => `${term}, the end of week ${week}`));
  return [
    bold([...ends].join('; ')),
    ...notices.map((notice) => bold(`! ${notice}`)),
    screen < WIDTH ? rows.map(paragraphOf).join('\n') : tableOf(rows),
    dim(
      'Risk: of past students who stood like this, so many did not get through the course. A reason goes with it; it is not its cause.',
    ),
    dim(SUPPORT),
  ].join('\n');
}

function tableOf(rows: readonly ListedStudent[]): string {
  const table = new Table({
    head: ['', 'student', 'name', 'adviser', 'course', 'risk', 'why', 'in their favour'],
    colWidths: WIDTHS,
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const { place, student, name, advisers, course, reasons, inFavour } = row;
    const contact = lastContactOf(row);
    const why = [reasons ?? '', ...(contact === undefined ? [] : [`(${contact})`])].join(' ').trim();
    const texts = [student ?? '', name ?? '', advisers.join(', '), course, riskOf(row), why, inFavour ?? ''];
    table.push([place, ...texts.map(printable)]);
  }
  return table.toString();
}

function paragraphOf(row: ListedStudent): string {
  const { place, student, name, advisers, course, reasons, inFavour } = row;
  const adviser = advisers.length === 0 ? '' : `, adviser ${advisers.join(', ')}`;
  const contact = lastContactOf(row);
  return [
    `${place}. ${name ?? ''} (${student ?? ''}${adviser}), ${course}: ${riskOf(row)}`,
    ...(reasons === null ? [] : [`   ${reasons}`]),
    ...(inFavour === null ? [] : [`   in their favour: ${inFavour}`]),
    ...(contact === undefined ? [] : [`   ${contact}`]),
  ]
    .map(printable)
    .join('\n');
}

function riskOf({ risk, riskBefore, isThin }: ListedStudent): string {
  if (risk === null) return 'call';
  const before = riskBefore === null ? '' : ` (was ${percent(riskBefore)})`;
  return `${percent(risk)}${before}${isThin ? ', on one piece at most' : ''}`;
}

const lastContactOf = ({ lastContact }: ListedStudent): string | undefined =>
  lastContact === null ? undefined : `last contact ${lastContact.on}: ${contactInWords(lastContact)}`;

function listed([
  place,
  student,
  name,
  course,
  term,
  week,
  risk,
  before,
  thin,
  reasons,
  favour,
]: readonly Cell[]): Omit<ListedStudent, 'advisers' | 'lastContact'> {
  const text = (cell: Cell | undefined) => (cell === null || cell === undefined ? null : String(cell));
  const number = (cell: Cell | undefined) => (cell === null || cell === undefined ? null : Number(cell));
  return {
    place: Number(place),
    student: text(student),
    name: text(name),
    course: String(course),
    term: String(term),
    week: Number(week),
    risk: number(risk),
    riskBefore: number(before),
    isThin: thin === true,
    reasons: text(reasons),
    inFavour: text(favour),
  };
}

const percent = (risk: number): string => `${Math.round(100 * risk)} %`;
