import type { LakeType } from '../../../campus/lake-type.ts';
import type { TableColumn } from '../../../ports/tables.ts';
import type { TableNotes } from '../../../ports/warehouse.ts';
import { portableType } from '../../../warehouse/portable-type.ts';

export interface ServedColumn {
  readonly name: string;
  /** As `format_type` spells it. */
  readonly type: string;
  readonly notNull: boolean;
}

/** What a table of the warehouse looks like. */
export interface Structure {
  readonly columns: readonly ServedColumn[];
  /** Columns of the primary key; empty where there is none. */
  readonly key: readonly string[];
}

/** What the rows of a new version are like, as far as the structure goes by it. */
export interface RowFacts {
  /** Characters of the longest text, by text column; 0 where there is none. */
  readonly longest: Readonly<Record<string, number>>;
  /** Columns, of those asked about, that some row leaves empty. */
  readonly withNulls: readonly string[];
  /** Whether no two rows are alike in the key and every row fills it. */
  readonly keyHolds: boolean;
}

/**
 * Lengths of texts, in characters. A column gets one that leaves room for texts twice as long as today's, and keeps
 * it until one is longer: clients over ODBC reserve the length for every cell, and widening a column is a change.
 */
const LENGTHS = [32, 64, 128, 256, 512, 1_024, 4_096, 16_384, 65_535];

const textType = (longest: number): string => {
  const length = LENGTHS.find((one) => one >= 2 * longest) ?? LENGTHS.find((one) => one >= longest);
  return length === undefined ? 'character varying' : `character varying(${length})`;
};

const SPELLED: Partial<Record<LakeType, string>> = {
  timestamp: 'timestamp without time zone',
  time: 'time without time zone',
};

const typeOf = (type: LakeType): string =>
  SPELLED[type] ?? portableType(type, 'bytea').replace(/^decimal/, 'numeric');

/** The structure for a new version. @param now the one that stands, whose lengths of text stay while they suffice */
export function wantedStructure(
  columns: readonly TableColumn[],
  notes: Pick<TableNotes, 'key' | 'filled'>,
  facts: RowFacts,
  now?: Structure,
): Structure {
  const key = facts.keyHolds ? notes.key : [];
  const notNull = new Set([...notes.filled, ...key].filter((name) => !facts.withNulls.includes(name)));
  return {
    columns: columns.map(({ name, type }) => {
      const before = now?.columns.find((column) => column.name === name)?.type;
      return {
        name,
        type: type === 'varchar' ? textFor(facts.longest[name] ?? 0, before) : typeOf(type),
        notNull: notNull.has(name),
      };
    }),
    key,
  };
}

function textFor(longest: number, before: string | undefined): string {
  const limit = before === undefined ? undefined : lengthOf(before);
  return limit !== undefined && longest <= limit ? before! : textType(longest);
}

/** How many characters a text column takes; undefined for what is no text. */
const lengthOf = (type: string): number | undefined => {
  if (type === 'character varying') return Number.POSITIVE_INFINITY;
  const length = /^character varying\((\d+)\)$/.exec(type)?.[1];
  return length === undefined ? undefined : Number(length);
};

/** How a table must change before the rows of a new version fit. */
export interface Change {
  readonly add: readonly ServedColumn[];
  readonly drop: readonly string[];
  /** Columns whose values are kept in another way: dropped and made again. */
  readonly remake: readonly ServedColumn[];
  /** Columns of which only the limit grows, which touches no row. */
  readonly widen: readonly ServedColumn[];
  readonly setNotNull: readonly string[];
  readonly dropNotNull: readonly string[];
  readonly dropKey: boolean;
  readonly addKey: boolean;
}

/** What differs; undefined where the new rows can take the place of the old ones as the table stands. */
export function changeOf(now: Structure, wanted: Structure): Change | undefined {
  const before = new Map(now.columns.map((column) => [column.name, column]));
  const after = new Map(wanted.columns.map((column) => [column.name, column]));
  const kept = wanted.columns.flatMap((column) => {
    const old = before.get(column.name);
    return old ? [{ column, old }] : [];
  });
  const retyped = kept.filter(({ column, old }) => column.type !== old.type);
  const remake = retyped
    .filter(({ column, old }) => !onlyWider(old.type, column.type))
    .map(({ column }) => column);
  const isFresh = (name: string) => !before.has(name) || remake.some((column) => column.name === name);
  const keyChanged = now.key.join() !== wanted.key.join();
  const change: Change = {
    add: wanted.columns.filter(({ name }) => !before.has(name)),
    drop: now.columns.filter(({ name }) => !after.has(name)).map(({ name }) => name),
    remake,
    widen: retyped.filter(({ column, old }) => onlyWider(old.type, column.type)).map(({ column }) => column),
    setNotNull: wanted.columns
      .filter(({ name, notNull }) => notNull && (isFresh(name) || !before.get(name)!.notNull))
      .map(({ name }) => name),
    dropNotNull: kept
      .filter(({ column, old }) => old.notNull && !column.notNull)
      .map(({ column }) => column.name),
    dropKey: now.key.length > 0 && (keyChanged || now.key.some(isFresh)),
    addKey: wanted.key.length > 0 && (keyChanged || wanted.key.some(isFresh)),
  };
  return Object.values(change).some((part) => part === true || (Array.isArray(part) && part.length > 0))
    ? change
    : undefined;
}

/** Whether PostgreSQL goes from one type to the other without touching a row. */
function onlyWider(from: string, to: string): boolean {
  const [was, is] = [lengthOf(from), lengthOf(to)];
  if (was !== undefined && is !== undefined) return is > was;
  const [a, b] = [from, to].map((type) => /^numeric\((\d+),(\d+)\)$/.exec(type));
  return a != null && b != null && a[2] === b[2] && Number(b[1]) > Number(a[1]);
}

/** The statement that makes a table, without its key and NOT NULL: those come once the rows are there. */
export const definitionOf = (columns: readonly ServedColumn[], ident: (name: string) => string): string =>
  columns.map(({ name, type }) => `${ident(name)} ${type}`).join(', ');
