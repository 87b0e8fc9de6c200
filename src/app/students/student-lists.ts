import { ADMINISTRATOR } from '../../access/authorize.ts';
import { readPublication } from '../../pipeline/publication.ts';
import type { FeatureList } from '../../ports/feature.ts';
import type { Cell } from '../../ports/query-engine.ts';
import type { Uses } from '../../ports/step.ts';
import { describable } from '../describable.ts';
import { queryLake } from '../query/query-lake.ts';

/** Rows of a list that are shown; a query has the rest. */
const SHOWN = 500;

/** A list of students as one session sees it. */
export interface StudentList {
  readonly title: string;
  readonly table: string;
  readonly note: string;
  /** Nothing has made the table yet. */
  readonly isAbsent?: boolean;
  /** How far its rows are known, ISO 8601 UTC. */
  readonly upTo?: string;
  readonly columns: readonly string[];
  readonly rows: readonly StudentRow[];
  /** Whether there are more than are shown. */
  readonly isCut: boolean;
  /** The SELECT that gave the rows. */
  readonly sql?: string;
}

export interface StudentRow {
  readonly cells: readonly string[];
  /** Why the student is on the list. Absent where the session does not see it. */
  readonly reasons?: string;
}

type Needs = Uses<
  'catalog' | 'session' | 'access' | 'features' | 'clock' | 'objects' | 'ledger' | 'engine' | 'target'
>;

/**
 * The lists of students that features bring, each with the rows and columns that the session sees. Reading them is put
 * on record as any query is.
 */
export async function studentLists(lake: Needs): Promise<StudentList[]> {
  const publication = await readPublication(lake.platform);
  const { published } = await describable(lake, publication?.tables);
  const lists = (lake.features ?? []).flatMap(({ lists: own = [] }) => own);
  const shown: StudentList[] = [];
  for (const list of lists) {
    const version = published[list.table];
    const sql =
      version &&
      selectOf(
        list,
        version.columns.map(({ name }) => name),
      );
    const head = { title: list.title, table: list.table, note: list.note };
    if (sql === undefined) {
      // To a role, a table that it may not know of does not exist: nothing is said of it.
      if (lake.session.role === ADMINISTRATOR)
        shown.push({ ...head, isAbsent: true, columns: [], rows: [], isCut: false });
      continue;
    }
    shown.push({
      ...head,
      upTo: publication?.facts[list.table]?.asOf,
      ...(await rowsOf(lake, sql)),
      sql: sql.text,
    });
  }
  return shown;
}

interface ListSelect {
  readonly text: string;
  readonly titles: readonly string[];
  readonly hasReasons: boolean;
}

/** @returns undefined where the session sees too few of its columns to know who is on the list */
function selectOf(list: FeatureList, visible: readonly string[]): ListSelect | undefined {
  const sees = (name: string) => visible.includes(name);
  if (list.where && !list.where.reads.every(sees)) return undefined;
  const columns = list.columns.filter(({ name }) => sees(name));
  if (columns.length === 0) return undefined;
  const hasReasons = sees(list.reasons);
  const order = list.order.filter(({ column }) => sees(column));
  const names = [...columns.map(({ name }) => name), ...(hasReasons ? [list.reasons] : [])];
  return {
    titles: columns.map(({ title }) => title),
    hasReasons,
    text: [
      `SELECT ${names.join(', ')}`,
      `FROM ${list.table}`,
      ...(list.where ? [`WHERE ${list.where.sql}`] : []),
      ...(order.length > 0
        ? [
            `ORDER BY ${order.map(({ column, descending }) => (descending ? `${column} DESC` : column)).join(', ')}`,
          ]
        : []),
    ].join('\n'),
  };
}

async function rowsOf(
  lake: Needs,
  { text, titles, hasReasons }: ListSelect,
): Promise<Pick<StudentList, 'columns' | 'rows' | 'isCut'>> {
  const answer = await queryLake(lake, { sql: text });
  const rows: StudentRow[] = [];
  for await (const batch of answer.batches()) {
    for (const row of batch) rows.push(rowOf(row, hasReasons));
    if (rows.length > SHOWN) break;
  }
  return { columns: titles, rows: rows.slice(0, SHOWN), isCut: rows.length > SHOWN };
}

function rowOf(row: readonly Cell[], hasReasons: boolean): StudentRow {
  const texts = row.map((cell) => (cell === null ? '' : String(cell)));
  return hasReasons ? { cells: texts.slice(0, -1), reasons: texts.at(-1)! } : { cells: texts };
}
