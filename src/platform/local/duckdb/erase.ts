import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Eraser, Rewritten, RowField, RowRules, WatchedField } from '../../../ports/eraser.ts';
import type { ObjectStore } from '../../../ports/objects.ts';
import type { TableVersion } from '../../../ports/tables.ts';
import { copyTo, draftFile } from './files.ts';
import { defaultMemoryMegabytes, defaultThreads, openDatabase, rowsOf } from './session.ts';
import { ident, text, textList } from './sql-text.ts';
import { COMPACTION_POLICY, stagedKey, writeGroup } from './staging-session.ts';
import { asStorage, storageOf } from './storage.ts';
import { historySelect, versionSelect } from './version-sql.ts';

/** Between the parts of a key that is compared as one text. */
const SEPARATOR = '\u001f';

/** Takes rows of persons out of the lake's Parquet files. Each call has a database of its own, as erasures are rare. */
export function openLocalEraser(root: string, objects: ObjectStore): Eraser {
  const fileSelect = (key: string) => `SELECT * FROM read_parquet(${textList([join(root, key)])})`;
  const select = (version: TableVersion) =>
    storageOf(version).kind === 'merged'
      ? historySelect(root, version, version.columns)
      : versionSelect(root, version);
  return {
    matchesInFile: (key, rules, wanted) =>
      connected(root, (connection) => matches(connection, fileSelect(key), rules, wanted)),
    matchesInVersion: (version, rules, wanted) =>
      connected(root, (connection) => matches(connection, select(version), rules, wanted)),
    rewriteFile: (key, rules, before) =>
      connected(root, async (connection) => {
        const found = await resolve(connection, fileSelect(key), rules);
        const done = await countOf(connection, found);
        if (isNothing(done)) return undefined;
        await before(done);
        const draft = await draftFile(root);
        try {
          await copyTo(connection, changedSelect(found), draft.path, key);
          return { ...done, object: await objects.put(key, createReadStream(draft.path)) };
        } finally {
          await draft.discard();
        }
      }),
    rewriteVersion: (version, rules, versionId) =>
      connected(root, async (connection) => {
        const storage = storageOf(version);
        if (storage.kind !== 'merged') return undefined;
        const found = await resolve(connection, select(version), rules);
        const done = await countOf(connection, found);
        if (isNothing(done)) return { ...done, version };
        const session = { root, connection, compaction: COMPACTION_POLICY };
        const key = stagedKey(version.table, versionId, 'base');
        const base = await writeGroup(session, changedSelect(found), version.columns, {
          table: version.table,
          key,
        });
        const { content: _content, ...rest } = version;
        const rows = base.rows - base.tombstones;
        return { ...done, version: { ...rest, rows, storage: asStorage({ ...storage, base, deltas: [] }) } };
      }),
  };
}

async function connected<T>(root: string, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const database = await openDatabase({
    root,
    memoryMegabytes: defaultMemoryMegabytes(),
    threads: defaultThreads(),
  });
  try {
    const connection = await database.connect();
    try {
      await connection.run('SET preserve_insertion_order = true');
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    database.closeSync();
  }
}

/** Rules with the texts that were found, as SQL over the rows of `select`. */
interface Resolved {
  readonly select: string;
  readonly isTheirs: string;
  readonly mentions: readonly { readonly field: RowField; readonly isTheirs: string }[];
  readonly assignments: readonly { readonly field: RowField; readonly value: string }[];
  readonly masks: boolean;
}

async function resolve(connection: DuckDBConnection, select: string, rules: RowRules): Promise<Resolved> {
  const held = await fieldsOf(connection, select);
  const isHeld = (field: RowField) => held.has(nameOf(field));
  const owners = rules.owners.filter(isHeld);
  const owned: string[] = [];
  const replaced: { field: RowField; value: string }[] = [];
  for (const owner of owners) {
    const texts = await textsOf(connection, select, owner);
    if (texts.length === 0) continue;
    owned.push(isOneOf(textOf(owner), texts));
    const surrogate = rules.masks?.replaced.some((field) => nameOf(field) === nameOf(owner));
    if (!surrogate) continue;
    const whens = texts.map((one) => `WHEN ${text(one)} THEN ${text(rules.masks!.surrogateOf(one))}`);
    replaced.push({ field: owner, value: `CASE ${textOf(owner)} ${whens.join(' ')} END` });
  }
  const byKey = await keyed(connection, select, rules, owners, isHeld);
  if (byKey) owned.push(byKey);
  const isTheirs = owned.length > 0 ? `coalesce(${owned.join(' OR ')}, false)` : 'false';
  const mentions: { field: RowField; isTheirs: string }[] = [];
  for (const field of rules.mentions.filter(isHeld)) {
    const texts = await textsOf(connection, select, field);
    if (texts.length > 0)
      mentions.push({ field, isTheirs: `coalesce(${isOneOf(textOf(field), texts)}, false)` });
  }
  const emptied = (rules.masks?.emptied ?? [])
    .filter(isHeld)
    .map((field) => ({ field, value: emptyOf(field) }));
  return {
    select,
    isTheirs,
    mentions,
    assignments: [...emptied, ...replaced],
    masks: rules.masks !== undefined,
  };
}

/** Records that name no owner, by their key. */
async function keyed(
  connection: DuckDBConnection,
  select: string,
  { key }: RowRules,
  owners: readonly WatchedField[],
  isHeld: (field: RowField) => boolean,
): Promise<string | undefined> {
  if (!key || key.fields.length === 0 || !key.fields.every(isHeld)) return undefined;
  const ownerless = owners.map((owner) => `${sqlOf(owner)} IS NULL`).join(' AND ') || 'true';
  const joined = key.fields.map(textOf).join(` || ${text(SEPARATOR)} || `);
  const found = await columnOf(
    connection,
    `SELECT DISTINCT ${joined} AS k FROM (${select}) WHERE (${ownerless}) AND (${joined}) IS NOT NULL`,
  );
  const texts = found.filter((one) => key.has(one.split(SEPARATOR)));
  return texts.length > 0 ? `((${ownerless}) AND ${isOneOf(`(${joined})`, texts)})` : undefined;
}

async function textsOf(connection: DuckDBConnection, select: string, field: WatchedField): Promise<string[]> {
  const value = textOf(field);
  const all = await columnOf(
    connection,
    `SELECT DISTINCT ${value} AS k FROM (${select}) WHERE ${sqlOf(field)} IS NOT NULL`,
  );
  return all.filter((one) => field.has(one));
}

async function columnOf(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const found: string[] = [];
  for (const row of await rowsOf(connection, sql)) found.push(String(row.k));
  return found;
}

async function matches(
  connection: DuckDBConnection,
  select: string,
  rules: RowRules,
  wanted: readonly RowField[],
): Promise<(string | null)[][]> {
  const { isTheirs } = await resolve(connection, select, rules);
  const held = await fieldsOf(connection, select);
  if (isTheirs === 'false' || wanted.length === 0) return [];
  const list = wanted.map((field, i) => `${held.has(nameOf(field)) ? textOf(field) : 'NULL'} AS c${i}`);
  const rows = await rowsOf(
    connection,
    `SELECT DISTINCT ${list.join(', ')} FROM (${select}) WHERE ${isTheirs}`,
  );
  return rows.map((row) => wanted.map((_, i) => (row[`c${i}`] === null ? null : String(row[`c${i}`]))));
}

async function countOf(
  connection: DuckDBConnection,
  { select, isTheirs, mentions, masks }: Resolved,
): Promise<Rewritten> {
  const emptied = mentions.map((one) => `count(*) FILTER (NOT ${isTheirs} AND ${one.isTheirs})`);
  const [row] = await rowsOf(
    connection,
    `SELECT count(*) FILTER (${isTheirs}) AS theirs, ${emptied.join(' + ') || '0'} AS emptied FROM (${select})`,
  );
  const theirs = Number(row?.theirs ?? 0);
  return {
    removed: masks ? 0 : theirs,
    masked: masks ? theirs : 0,
    emptied: Number(row?.emptied ?? 0),
  };
}

const isNothing = ({ removed, masked, emptied }: Rewritten): boolean => removed + masked + emptied === 0;

/** A value that takes the place of a field's own where a condition holds. */
interface Change {
  readonly field: RowField;
  readonly when: string;
  readonly value: string;
}

/** The rows as they shall be, with every column of before. */
function changedSelect({ select, isTheirs, mentions, assignments, masks }: Resolved): string {
  const changes: Change[] = mentions.map(({ field, isTheirs: when }) => ({
    field,
    when,
    value: emptyOf(field),
  }));
  if (masks) changes.push(...assignments.map(({ field, value }) => ({ field, when: isTheirs, value })));
  const columns = new Set(changes.map(({ field }) => field.section ?? field.name));
  const replaced = [...columns].map((column) => {
    const own = changes.filter(({ field }) => (field.section ?? field.name) === column);
    return `${own.reduce(changed, ident(column))} AS ${ident(column)}`;
  });
  const list = replaced.length > 0 ? `* REPLACE (${replaced.join(', ')})` : '*';
  return `SELECT ${list} FROM (${select})${masks ? '' : ` WHERE NOT ${isTheirs}`}`;
}

function changed(before: string, { field, when, value }: Change): string {
  const after = field.section ? `struct_update(${before}, ${ident(field.name)} := ${value})` : value;
  return `CASE WHEN ${when} THEN ${after} ELSE ${before} END`;
}

/** The fields of rows: columns, and what stands in the parts of records. */
async function fieldsOf(connection: DuckDBConnection, select: string): Promise<ReadonlySet<string>> {
  const columns = await rowsOf(connection, `DESCRIBE ${select}`);
  const names = columns.map((column) => String(column.column_name));
  for (const { column_name: name, column_type: type } of columns) {
    if (!String(type).startsWith('STRUCT')) continue;
    const inner = await rowsOf(connection, `DESCRIBE SELECT unnest(${ident(String(name))}) FROM (${select})`);
    names.push(...inner.map((field) => `${name}.${field.column_name}`));
  }
  return new Set(names);
}

const nameOf = ({ name, section }: RowField): string => (section ? `${section}.${name}` : name);
const sqlOf = ({ name, section }: RowField): string =>
  section ? `${ident(section)}.${ident(name)}` : ident(name);
const textOf = (field: RowField): string => `CAST(${sqlOf(field)} AS VARCHAR)`;
/** Null of the field's own type. */
const emptyOf = (field: RowField): string => `nullif(${sqlOf(field)}, ${sqlOf(field)})`;
const isOneOf = (value: string, texts: readonly string[]): string =>
  `${value} IN (SELECT unnest(${textList(texts)}))`;
