import {
  ABSENT_TEXT,
  ABSENT_WORD,
  BETWEEN,
  HASH_DIGITS,
  type KeyDialect,
  keyFamily,
  keyParts,
  mixSql,
} from '../../../loads/key-sum.ts';
import type { MappedColumn, MappedTable } from '../../../sis/mapping/evaluate.ts';
import { crossing } from './column-sql.ts';
import type { PageRange } from './parts.ts';
import { fromClause } from './statements.ts';

/**
 * The key columns by the names that they have in the lake, in this order; undefined where the source is not to be
 * asked for their sum: a column is not copied or of a type that is no key, or the table is a view, which would be
 * computed twice.
 */
export function keyColumnsOf(table: MappedTable, names: readonly string[]): MappedColumn[] | undefined {
  if (table.source.kind !== 'table' || names.length === 0) return undefined;
  const found = names.flatMap((name) => table.columns.filter((column) => column.name === name));
  const comparable = found.every(({ travel }) => keyFamily(travel.lake) !== undefined);
  return comparable && found.length === names.length ? found : undefined;
}

/**
 * Whether no two rows of the copy can share this key: it holds the whole primary key of the source, of which no value
 * is cut to fewer digits, and none that is infinite becomes another.
 */
export function keepsKeysDistinct(table: MappedTable, key: readonly MappedColumn[]): boolean {
  const primary = table.source.key;
  return (
    primary.length > 0 &&
    primary.every((name) => key.some((column) => column.source === name)) &&
    key.every(
      ({ cast, travel }) => !cast && travel.form !== 'cut' && !['date', 'timestamp'].includes(travel.lake),
    )
  );
}

/**
 * What PostgreSQL is asked for to know the sum of the keys that a COPY of the same part gives (`src/loads/key-sum.ts`):
 * one row, `sum` in decimal digits. Layers are kept apart by OFFSET 0, or each use of a word would count it again.
 */
export function keySumStatement(table: MappedTable, key: readonly MappedColumn[], pages?: PageRange): string {
  const { words, texts } = keyParts(key, DIALECT);
  const names = words.map((_, i) => `k${i}`);
  const plain = words.map((word, i) => `${word} AS k${i}`);
  const from = fromClause(table, pages);
  if (texts.length === 0) return summed(names, `SELECT ${plain.join(', ')} FROM ${from}`);
  const digest = `sha256(convert_to(${texts.join(` || chr(${BETWEEN}) || `)}, 'UTF8')) AS digest`;
  const hashed = `SELECT ${[...plain, digest].join(', ')} FROM ${from} OFFSET 0`;
  const folded = `SELECT ${[...names, `${wordOf('digest')} AS hashed`].join(', ')} FROM (${hashed}) d OFFSET 0`;
  return summed([...names, 'hashed'], folded);
}

/** `sha256` came with PostgreSQL 11. */
export const countsKeys = (serverVersion: number): boolean => serverVersion >= 110_000;

const summed = (words: readonly string[], rows: string): string =>
  `SELECT coalesce(sum(${mixSql(words)}), 0)::text AS sum FROM (${rows}) w`;

/** As the careful manner lets values cross: whatever the table holds, days and instants come as numbers. */
const DIALECT: KeyDialect<MappedColumn> = {
  typeOf: (column) => column.travel.lake,
  word(column, family) {
    const { select } = crossing(column, 'careful');
    const number = family === 'truth' ? `(${select})::int::bigint` : `(${select})::bigint`;
    return `coalesce(${number}, ${ABSENT_WORD})`;
  },
  /** `concat` writes a value as COPY does, which a cast does not for every type. */
  text(column, family) {
    const { select } = crossing(column, 'careful');
    const value = family === 'decimal' ? withoutZeros(`(${select})::text`) : `concat(${select})`;
    return `CASE WHEN ${select} IS NULL THEN chr(${ABSENT_TEXT}) ELSE ${value} END`;
  },
};

/** So that `5.00` is the key that `5` is: the lake may keep other places than the source. */
const withoutZeros = (text: string): string =>
  `CASE WHEN strpos(${text}, '.') > 0 THEN rtrim(rtrim(${text}, '0'), '.') ELSE ${text} END`;

/** The first bytes of a digest as a number: by reading bytes, at half the cost of going through a text of digits. */
function wordOf(digest: string): string {
  const bytes = HASH_DIGITS / 2;
  const parts = Array.from(
    { length: bytes },
    (_, i) => `(get_byte(${digest}, ${i})::bigint << ${8 * (bytes - 1 - i)})`,
  );
  return `(${parts.join(' + ')})`;
}
