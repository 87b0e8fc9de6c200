import type { StagedTableSpec } from '../../../ports/staging.ts';
import { RawDataError } from './errors.ts';
import { orderOf } from './raw-changes.ts';
import type { RawSource } from './raw-dap.ts';
import { ident, idents } from './sql-text.ts';

/** The contents of the raw files of a load, counted in one pass. */
export interface Inspection {
  readonly rows: number;
  readonly repeats: boolean;
}

/**
 * One pass over the raw files that counts what no table can take: records that cannot be read, that lack their key,
 * their time or what became of them, and values that do not fit their column's type. So the statement that stages them cannot fail on
 * a value, and no value gets into a message.
 */
export function inspectionSql(spec: StagedTableSpec, source: RawSource): string {
  const byName = new Map(source.columns.map((column) => [column.name, column.value]));
  const keyless = spec.key.map((name) => `${byName.get(name)} IS NULL`).join(' OR ') || 'false';
  const misfits = source.columns.flatMap(({ misfit }, i) => (misfit ? [`count_if(${misfit}) AS m${i}`] : []));
  const key = spec.key.map((name) => `CAST(${byName.get(name)} AS varchar)`);
  // Different keys with one digest only look like a repeat, and folding what does not repeat changes nothing.
  const distinct = key.length
    ? `count(DISTINCT xxhash64(to_utf8(concat_ws('\u0001', ${key.join(', ')}))))`
    : 'count(*)';
  return `SELECT count(*) AS rows_, ${distinct} AS keys_, count_if(${source.damaged}) AS damaged,
  count_if(${keyless}) AS keyless, count_if(${source.ts} IS NULL) AS timeless,
  count_if((${source.deleted}) IS NULL) AS undecided${['', ...misfits].join(',\n  ')}
FROM ${source.from}`;
}

/** In which file the values of one column do not fit. */
export function misfitFileSql(source: RawSource, index: number): string {
  return `SELECT "$path" AS file, count(*) AS n FROM ${source.table}
WHERE ${source.columns[index]!.misfit} GROUP BY "$path" ORDER BY 1 LIMIT 1`;
}

/** How many values of which columns do not fit, in the order of the columns. */
export function misfitsIn(
  source: RawSource,
  found: Readonly<Record<string, string | undefined>>,
): { index: number; count: number }[] {
  return source.columns
    .map((_, index) => ({ index, count: Number(found[`m${index}`] ?? 0) }))
    .filter(({ count }) => count > 0);
}

/** @throws RawDataError for what no table can take, values of the wrong type apart */
export function inspectionOf(
  spec: StagedTableSpec,
  found: Readonly<Record<string, string | undefined>>,
): Inspection {
  const count = (name: string) => Number(found[name] ?? 0);
  const rows = count('rows_');
  const refuse = (message: string, hint: string): never => {
    throw new RawDataError(message, { about: spec.table, hint });
  };
  if (count('damaged') > 0) {
    refuse(
      `${count('damaged')} of ${rows} records of ${spec.table} cannot be read: they are no JSON.`,
      'a raw file is damaged: load the dataset again; if it stays, give the job to the support of the source',
    );
  }
  for (const [name, lacks, hint] of [
    ['keyless', `lack their key (${spec.key.join(', ')})`, 'compare the key in the catalog with the source'],
    ['timeless', `lack ${orderOf(spec)}`, 'ask the source: without it nobody can tell which record is newer'],
    [
      'undecided',
      'say what became of them in a word that is neither U nor D',
      'ask the source what it means',
    ],
  ] as const) {
    if (count(name) === 0) continue;
    refuse(
      `${count(name)} of ${rows} delivered records of ${spec.table} ${lacks}.`,
      `${hint}; the raw files are kept as they are`,
    );
  }
  return { rows, repeats: count('keys_') < rows };
}

/** The rows of a load in the staged table's columns, with `_ts` and `_deleted`. */
export function rowsSql(source: RawSource): string {
  const list = source.columns.map(({ name, value }) => `${value} AS ${ident(name)}`);
  return `SELECT ${list.join(',\n  ')},\n  ${source.ts} AS "_ts", ${source.deleted} AS "_deleted"\nFROM ${source.from}`;
}

/**
 * One row per key, the newest. Of rows of one instant a removal wins, then the greatest values: an order that
 * depends on the rows alone, so that the same rows in any order give the same.
 */
export function newestPerKeySql(rows: string, key: readonly string[], columns: readonly string[]): string {
  const rest = columns.filter((name) => !key.includes(name));
  const ties = ['"_ts" DESC', '"_deleted" DESC', ...rest.map((name) => `${ident(name)} DESC NULLS LAST`)];
  return `SELECT ${idents(columns)}, "_ts", "_deleted" FROM (
SELECT *, row_number() OVER (PARTITION BY ${idents(key)} ORDER BY ${ties.join(', ')}) AS "_place" FROM (
${rows}))
WHERE "_place" = 1`;
}

/** A file's name without its bucket and folders, for a message. */
export const fileNameOf = (path: string | undefined): string => (path ?? '').split('/').at(-1) ?? '';
