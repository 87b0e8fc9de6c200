import type { Rewritten, RowField, RowRules } from '../../../ports/eraser.ts';
import type { TableColumn, TableVersion } from '../../../ports/tables.ts';
import type { EngineContext } from '../athena/engine-context.ts';
import { createIcebergTable } from '../athena/iceberg-tables.ts';
import { storedRows } from '../athena/merge.ts';
import { freshName } from '../athena/names.ts';
import { firstRow, resultPages } from '../athena/result-pages.ts';
import { runStatement } from '../athena/run-statement.ts';
import { ident, idents, tableName } from '../athena/sql-text.ts';
import { HIDDEN, storageAsOfNow } from '../athena/stage-records.ts';
import { asStorage, type IcebergStorage, storageOf, type TableAddress } from '../athena/storage.ts';
import { versionSelect } from '../athena/version-sql.ts';
import {
  type Found,
  type FoundTexts,
  findTexts,
  isNothingFound,
  type TextConditions,
  textOf,
  withTexts,
} from './sought-texts.ts';

/** Rows of a version, with what is remembered of rows that were removed. See `Eraser.matchesInVersion`. */
export async function matchesInTable(
  context: EngineContext,
  version: TableVersion,
  rules: RowRules,
  wanted: readonly RowField[],
): Promise<(string | null)[][]> {
  const storage = storageOf(version);
  const own = await matchesInRows(
    context,
    version.table,
    versionSelect(version),
    version.columns,
    rules,
    wanted,
  );
  if (storage.kind !== 'iceberg' || !storage.removed) return own;
  const key = keyColumns(version, storage);
  const removed = `SELECT ${idents(storage.key)} FROM ${tableName(storage.removed)}`;
  return [...own, ...(await matchesInRows(context, version.table, removed, key, rules, wanted))];
}

async function matchesInRows(
  context: EngineContext,
  table: string,
  select: string,
  columns: readonly TableColumn[],
  rules: RowRules,
  wanted: readonly RowField[],
): Promise<(string | null)[][]> {
  const names = columns.map(({ name }) => name);
  const found = await findTexts(context, table, select, names, { ...rules, mentions: [] });
  if (isNothingFound(found) || wanted.length === 0) return [];
  return withTexts(context, table, setsOf(found), async (conditions) => {
    const list = wanted.map((field, i) => `${names.includes(field.name) ? textOf(field) : 'NULL'} AS c${i}`);
    const sql = `SELECT DISTINCT ${list.join(', ')} FROM (${select}) WHERE ${theirs(found, conditions)}`;
    const finished = await runStatement(context, sql, { doing: `Reading ${table}`, about: table });
    const rows: (string | null)[][] = [];
    for await (const page of resultPages(context, finished)) {
      for (const row of page.rows) rows.push(wanted.map((_, i) => row[i] ?? null));
    }
    return rows;
  });
}

/** A new table without the rows, with no history and no deleted positions. See `Eraser.rewriteVersion`. */
export async function rewriteTable(
  context: EngineContext,
  version: TableVersion,
  rules: RowRules,
  versionId: string,
): Promise<(Rewritten & { readonly version: TableVersion }) | undefined> {
  const storage = storageOf(version);
  if (storage.kind !== 'iceberg') return undefined;
  const { table, columns } = version;
  const select = storedRows(storage, columns);
  const names = columns.map(({ name }) => name);
  const found = await findTexts(context, table, select, names, rules);
  const removed = await rewriteRemoved(context, version, storage, rules, versionId);
  const nothing = { removed: 0, masked: 0, emptied: 0 };
  if (isNothingFound(found)) {
    if (removed === storage.removed) return { ...nothing, version };
    return { ...nothing, version: { ...version, storage: asStorage({ ...storage, removed }) } };
  }
  return withTexts(
    context,
    table,
    setsOf(found),
    async (conditions) => {
      const flagged = flaggedSelect(select, found, conditions);
      const doing = { doing: `Erasing rows of ${table}`, about: table };
      const counts = await firstRow(context, countSql(flagged, found), doing);
      const matched = Number(counts.theirs ?? 0);
      const emptied = Number(counts.emptied ?? 0);
      const done = rules.masks
        ? { removed: 0, masked: matched, emptied }
        : { removed: matched, masked: 0, emptied };
      if (matched + emptied === 0 && removed === storage.removed) return { ...nothing, version };
      const fresh = freshName(context, 'staged', table, versionId);
      await createIcebergTable(context, fresh.place, fresh.folder, [...columns, HIDDEN]);
      const sql = `INSERT INTO ${tableName(fresh.place)} (${idents([...names, HIDDEN.name])})
SELECT ${[...names.map((name) => changed(name, found, rules, conditions)), ident(HIDDEN.name)].join(', ')}
FROM (${flagged})${rules.masks ? '' : ' WHERE NOT "_theirs"'}`;
      await runStatement(context, sql, doing);
      const as = { ...fresh, key: storage.key, columns: [...columns], removed };
      const made = await storageAsOfNow(context, as);
      const { content: _content, ...rest } = version;
      return { ...done, version: { ...rest, rows: made.rows, storage: asStorage(made.storage) } };
    },
    rules.masks && ((one) => rules.masks!.surrogateOf(one)),
  );
}

/** What is remembered of removed rows, without theirs: the same table where nothing of it is. */
async function rewriteRemoved(
  context: EngineContext,
  version: TableVersion,
  storage: IcebergStorage,
  rules: RowRules,
  versionId: string,
): Promise<TableAddress | null> {
  if (!storage.removed) return null;
  const { table } = version;
  const key = keyColumns(version, storage);
  const select = `SELECT ${idents([...storage.key, HIDDEN.name])} FROM ${tableName(storage.removed)}`;
  const found = await findTexts(context, table, select, storage.key, { ...rules, mentions: [] });
  if (isNothingFound(found)) return storage.removed;
  return withTexts(context, table, setsOf(found), async (conditions) => {
    const fresh = freshName(context, 'staged', table, `removed_${versionId}`);
    await createIcebergTable(context, fresh.place, fresh.folder, [...key, HIDDEN]);
    const sql = `INSERT INTO ${tableName(fresh.place)} (${idents([...storage.key, HIDDEN.name])})
${select} WHERE NOT (${theirs(found, conditions)})`;
    await runStatement(context, sql, { doing: `Erasing removed keys of ${table}`, about: table });
    return fresh.place;
  });
}

const keyColumns = ({ columns }: TableVersion, { key }: IcebergStorage): TableColumn[] =>
  key.map((name) => columns.find((column) => column.name === name)!);

const setsOf = ({ owners, key, mentions }: Found): FoundTexts[] => [
  ...owners,
  ...(key ? [key] : []),
  ...mentions,
];

function theirs({ owners, key, ownerless }: Found, { isOneOf }: TextConditions): string {
  const parts = owners.map(isOneOf);
  if (key) parts.push(`((${ownerless}) AND ${isOneOf(key)})`);
  return parts.join(' OR ') || 'false';
}

/** The rows, each with what it is to the people who are looked for. */
function flaggedSelect(select: string, found: Found, conditions: TextConditions): string {
  const mentions = found.mentions.map((one, i) => `, ${conditions.isOneOf(one)} AS "_named${i}"`);
  return `SELECT r.*, (${theirs(found, conditions)}) AS "_theirs"${mentions.join('')} FROM (${select}) AS r`;
}

function countSql(flagged: string, { mentions }: Found): string {
  const emptied = mentions.map((_, i) => `count_if(NOT "_theirs" AND "_named${i}")`).join(' + ') || '0';
  return `SELECT count_if("_theirs") AS theirs, ${emptied} AS emptied FROM (${flagged})`;
}

function changed(name: string, found: Found, { masks }: RowRules, { surrogate }: TextConditions): string {
  const column = ident(name);
  const empty = `nullif(${column}, ${column})`;
  const whens = found.mentions.flatMap(({ field }, i) =>
    field?.name === name ? [`WHEN NOT "_theirs" AND "_named${i}" THEN ${empty}`] : [],
  );
  if (masks?.emptied.some((field) => field.name === name)) whens.push(`WHEN "_theirs" THEN ${empty}`);
  const owner = found.owners.find(({ field }) => field?.name === name);
  if (owner && masks?.replaced.some((field) => field.name === name))
    whens.push(`WHEN "_theirs" THEN coalesce(${surrogate(owner)}, ${column})`);
  return whens.length > 0 ? `CASE ${whens.join(' ')} ELSE ${column} END AS ${column}` : column;
}
