import { authorize } from '../../access/authorize.ts';
import { InputError } from '../../errors.ts';
import type { Publication } from '../../pipeline/publication.ts';
import { publicationOf, tablesOf } from '../../pipeline/published.ts';
import type { Parameter } from '../../ports/parameter.ts';
import type { Explanation, QueryResult } from '../../ports/query-engine.ts';
import type { Remark } from '../../ports/remark.ts';
import type { Grant, ReadAction } from '../../ports/session.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableSet } from '../../ports/tables.ts';
import { type AthenaCost, athenaCost } from './athena-cost.ts';
import { RecordedQuestion } from './recorded.ts';

/** A SELECT in Athena's SQL, and of what it is asked. */
export interface Question {
  readonly sql: string;
  /** Values of the names in it. Default: none. */
  readonly parameters?: readonly Parameter[];
  /** The publication that is asked. Default: the current one. */
  readonly asOf?: string;
  /** Versions that are asked in the place of published ones of these names. Default: none. */
  readonly instead?: TableSet;
  readonly signal?: AbortSignal;
  /** By which way they leave the lake, for `ops.access`. Default: a query. */
  readonly channel?: 'query' | 'api';
  /** Where the rows go, where they leave the lake as a file. Default: they are shown. */
  readonly destination?: string;
}

interface Remarked {
  /** What to know about the answer. */
  readonly remarks: readonly Remark[];
}

/** Said where the administrator reads a lake that cannot be written. A role gets no answer there. */
const NOT_ON_RECORD: Remark = {
  code: 'not-on-record',
  text: 'The lake cannot be written, so this access is not on record.',
};

/** The rows of a SELECT. */
export interface QueryAnswer extends QueryResult, Remarked {}

/** What was written to a file. */
export interface WrittenRows extends Remarked {
  readonly rows: number;
}

/** What a statement reads, the steps in which it runs, and what Athena would charge. */
export interface ExplainedQuery extends Explanation, Remarked {
  readonly athena: AthenaCost;
}

type Asked = Uses<'session' | 'access' | 'catalog' | 'clock' | 'objects' | 'ledger' | 'engine' | 'target'>;

/**
 * The rows of a SELECT, in batches that are read while the lake is open.
 * @throws InputError where nothing, or no such publication, is published; SqlError for the statement
 *
 * @example
 * ```ts
 * import type { AppLake } from '../app-lake.ts';
 * import { queryLake } from './query-lake.ts';
 *
 * async function students(lake: AppLake): Promise<void> {
 *   const answer = await queryLake(lake, { sql: 'SELECT student_id FROM campus.students' });
 *   for await (const rows of answer.batches()) console.log(rows.length);
 * }
 * ```
 */
export async function queryLake(lake: Asked, question: Question): Promise<QueryAnswer> {
  const { sql, parameters, signal } = question;
  const published = await publicationOf(lake, question.asOf);
  const publication = { ...published, tables: { ...published.tables, ...question.instead } };
  const { destination } = question;
  const isExport = destination !== undefined;
  const about = isExport
    ? { channel: 'export' as const, destination }
    : { channel: question.channel ?? ('query' as const) };
  const record = await RecordedQuestion.of(lake, publication, question, about);
  const { result, from } = await record.asking(async () => {
    const from = await readFrom(lake, question, isExport ? 'export' : 'query', publication);
    return { result: await lake.platform.engine.query(sql, from, { signal, parameters }), from };
  });
  const remarks = [...(await remarksOn(lake, question))];
  return {
    ...record.recorded(result, from, () => remarks.push(NOT_ON_RECORD)),
    remarks,
  };
}

/**
 * Writes the rows of a SELECT to one Parquet file.
 * @throws as `queryLake` does
 */
export async function exportParquet(lake: Asked, question: Question, path: string): Promise<WrittenRows> {
  const { sql, parameters, signal } = question;
  const publication = await publicationOf(lake, question.asOf);
  const record = await RecordedQuestion.of(lake, publication, question, {
    channel: 'export',
    destination: question.destination ?? path,
  });
  const from = await record.asking(() => readFrom(lake, question, 'export', publication));
  await record.record('begun');
  const rows = await record.asking(() =>
    lake.platform.engine.exportParquet(sql, from, path, { signal, parameters }),
  );
  await record.record('answered', { rows });
  const remarks = await remarksOn(lake, question);
  return { rows, remarks: record.isOnRecord ? remarks : [...remarks, NOT_ON_RECORD] };
}

/**
 * What a SELECT reads and would cost. It is run only to measure its steps.
 * @param analyze whether it is run, so that each step has its rows and seconds
 * @throws as `queryLake` does; InputError in a target that does not explain
 */
export async function explainQuery(
  lake: Asked,
  question: Question,
  analyze: boolean,
): Promise<ExplainedQuery> {
  const { sql, parameters, signal } = question;
  const { engine } = lake.platform;
  const publication = await publicationOf(lake, question.asOf);
  const record = await RecordedQuestion.of(lake, publication, question, { channel: 'explain' });
  const from = await record.asking(() => readFrom(lake, question, 'explain', publication));
  if (!engine.explain) {
    throw new InputError('EXPLAIN and --cost are answered by the lake on one machine.', {
      hint: "Athena's console shows the plan of a statement and the data that it has scanned.",
    });
  }
  const found = await engine.explain(sql, from, { signal, analyze, parameters });
  return { ...found, athena: athenaCost(found), remarks: await remarksOn(lake, question) };
}

const remarksOn = async (lake: Asked, { sql, parameters }: Question): Promise<readonly Remark[]> =>
  (await lake.platform.engine.remarks?.(sql, parameters)) ?? [];

/** The tables that a statement of the lake's session can name. @throws InputError where none are published */
export async function readBy(lake: Asked, question: Question, action: ReadAction): Promise<Grant> {
  return readFrom(lake, question, action, await publicationOf(lake, question.asOf));
}

const readFrom = async (
  lake: Asked,
  { sql, parameters }: Question,
  action: ReadAction,
  publication: Publication,
): Promise<Grant> => authorize(lake, action, await tablesOf(lake, publication, sql, parameters));
