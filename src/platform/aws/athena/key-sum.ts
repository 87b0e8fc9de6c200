import { createHash } from 'node:crypto';
import {
  ABSENT_TEXT,
  ABSENT_WORD,
  BETWEEN,
  HASH_DIGITS,
  KEY_SUM_RECIPE,
  type KeyDialect,
  keyColumns,
  keyParts,
  mixSql,
} from '../../../loads/key-sum.ts';
import type { KeySum } from '../../../ports/key-sum.ts';
import type { StagedTableSpec } from '../../../ports/staging.ts';
import type { TableColumn, TableVersion } from '../../../ports/tables.ts';
import type { EngineContext } from './engine-context.ts';
import { AthenaError } from './errors.ts';
import { dapSource } from './raw-dap.ts';
import { withRawTable } from './raw-tables.ts';
import { firstRow } from './result-pages.ts';
import { ident, idents } from './sql-text.ts';
import { versionSelect } from './version-sql.ts';

/** See `QueryEngine.keySum`. */
export async function keySumOf(
  context: EngineContext,
  version: TableVersion,
  key: readonly string[],
): Promise<KeySum> {
  const columns = keyColumns(key, version.columns);
  if (!columns) {
    throw new AthenaError(`${version.table} has no key (${key.join(', ')}) of which a sum can be made.`, {
      about: version.table,
    });
  }
  return sumKeys(context, versionSelect(version), columns, version.table);
}

/** See `QueryEngine.deliveredKeys`. */
export async function deliveredKeysOf(
  context: EngineContext,
  spec: StagedTableSpec,
  files: readonly string[],
  repeats: boolean,
): Promise<KeySum | undefined> {
  const key = keyColumns(spec.key, spec.columns);
  if (!key) return undefined;
  if (files.length === 0) return { columns: [...spec.key], sum: '0', recipe: KEY_SUM_RECIPE };
  const keysOnly = { ...spec, columns: key };
  // A making may ask for the keys of several loads.
  const id = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 10);
  return withRawTable(context, keysOnly, files, `keys_${id}`, (raw) => {
    const { columns, ts, deleted, from } = dapSource(keysOnly, key, raw);
    const values = columns.map(({ name, value }) => `${value} AS ${ident(name)}`);
    const records = `SELECT ${[...values, `${ts} AS "_ts"`, `${deleted} AS "_deleted"`].join(', ')} FROM ${from}`;
    return sumKeys(context, repeats ? newestLiving(records, spec.key) : records, key, spec.table);
  });
}

/** Of records that come twice the newest counts, and of one instant a removal: as staging takes them. */
const newestLiving = (records: string, key: readonly string[]): string =>
  `SELECT ${idents(key)} FROM (${records}) GROUP BY ${idents(key)}
HAVING NOT max_by("_deleted", concat("_ts", IF("_deleted", '1', '0')))`;

async function sumKeys(
  context: EngineContext,
  rows: string,
  key: readonly TableColumn[],
  about: string,
): Promise<KeySum> {
  const sql = keySumSql(rows, key);
  const { total } = await firstRow(context, sql, { doing: `Comparing the keys of ${about}`, about });
  return { columns: key.map(({ name }) => name), sum: total!, recipe: KEY_SUM_RECIPE };
}

/** One row, `total` in decimal digits, of the rows of a SELECT. */
function keySumSql(rows: string, key: readonly TableColumn[]): string {
  const { words, texts } = keyParts(key, DIALECT);
  if (texts.length > 0) words.push(hashed(texts));
  const list = words.map((word, i) => `${word} AS k${i}`);
  const mixed = mixSql(words.map((_, i) => `k${i}`));
  return `SELECT CAST(coalesce(sum(${mixed}), 0) AS varchar) AS total
FROM (SELECT ${list.join(', ')} FROM (${rows}))`;
}

const DIALECT: KeyDialect<TableColumn> = {
  typeOf: (column) => column.type,
  word({ name }, family) {
    const value = ident(name);
    const number =
      family === 'day'
        ? `date_diff('day', DATE '1970-01-01', ${value})`
        : family === 'instant'
          ? `date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00', ${value})`
          : `CAST(${value} AS bigint)`;
    return `coalesce(${number}, ${ABSENT_WORD})`;
  },
  text({ name, type }, family) {
    const value = family === 'text' ? ident(name) : `CAST(${ident(name)} AS varchar)`;
    const hasPlaces = family === 'decimal' && !type.endsWith(',0)');
    return `coalesce(${hasPlaces ? `regexp_replace(${value}, '\\.?0+$', '')` : value}, chr(${ABSENT_TEXT}))`;
  },
};

const hashed = (texts: readonly string[]): string =>
  `from_base(substr(to_hex(sha256(to_utf8(${texts.join(` || chr(${BETWEEN}) || `)}))), 1, ${HASH_DIGITS}), 16)`;
