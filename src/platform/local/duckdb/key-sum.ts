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
import { EngineError } from './errors.ts';
import { keyOf, pathsOf } from './files.ts';
import { dapSelect, type RawRead, withRoomForLines } from './raw-dap.ts';
import { rowsOf } from './session.ts';
import { ident, idents } from './sql-text.ts';
import type { StagingSession } from './staging-session.ts';
import { versionSelect } from './version-sql.ts';

/** See `QueryEngine.keySum`. */
export async function keySumOf(
  session: StagingSession,
  version: TableVersion,
  key: readonly string[],
): Promise<KeySum> {
  const columns = keyColumns(key, version.columns);
  if (!columns) {
    throw new EngineError(`${version.table} has no key (${key.join(', ')}) of which a sum can be made.`, {
      about: version.table,
    });
  }
  return sumKeys(session, versionSelect(session.root, version), columns);
}

/** See `QueryEngine.deliveredKeys`. Only the keys are read out of the files. */
export async function deliveredKeysOf(
  session: StagingSession,
  spec: StagedTableSpec,
  files: readonly string[],
  repeats: boolean,
): Promise<KeySum | undefined> {
  const key = keyColumns(spec.key, spec.columns);
  if (!key) return undefined;
  if (files.length === 0) return { columns: [...spec.key], sum: '0', recipe: KEY_SUM_RECIPE };
  const keys = files.map((file) => keyOf(session.root, file));
  const read: RawRead = {
    spec: { ...spec, columns: key },
    paths: pathsOf(session.root, keys),
    columns: key,
    pseudonymKeys: session.pseudonymKeys,
  };
  return withRoomForLines(read, async (roomy) => {
    const records = await dapSelect(session.connection, roomy);
    return sumKeys(session, repeats ? newestLiving(records, spec.key) : records, key);
  });
}

/** Of records that come twice the newest counts, and of one instant a removal: as staging takes them. */
const newestLiving = (records: string, key: readonly string[]): string =>
  `SELECT ${idents(key)} FROM (${records}) GROUP BY ${idents(key)} HAVING NOT arg_max(_deleted, (_ts, _deleted))`;

async function sumKeys(session: StagingSession, rows: string, key: readonly TableColumn[]): Promise<KeySum> {
  const { words, texts } = keyParts(key, DIALECT);
  if (texts.length > 0) words.push(hashed(texts));
  const list = words.map((word, i) => `${word} AS k${i}`);
  const mixed = mixSql(words.map((_, i) => `k${i}`));
  const [row] = await rowsOf(
    session.connection,
    `SELECT coalesce(sum(${mixed}), 0)::VARCHAR AS sum FROM (SELECT ${list.join(', ')} FROM (${rows}))`,
  );
  return { columns: key.map(({ name }) => name), sum: String(row?.sum), recipe: KEY_SUM_RECIPE };
}

const DIALECT: KeyDialect<TableColumn> = {
  typeOf: (column) => column.type,
  word({ name }, family) {
    const value = ident(name);
    const number =
      family === 'day'
        ? `(${value} - DATE '1970-01-01')`
        : family === 'instant'
          ? `epoch_ms(${value})`
          : `CAST(${value} AS BIGINT)`;
    return `coalesce(${number}, ${ABSENT_WORD})`;
  },
  text({ name, type }, family) {
    const value = family === 'text' ? ident(name) : `CAST(${ident(name)} AS VARCHAR)`;
    const hasPlaces = family === 'decimal' && !type.endsWith(',0)');
    return `coalesce(${hasPlaces ? `rtrim(rtrim(${value}, '0'), '.')` : value}, chr(${ABSENT_TEXT}))`;
  },
};

const hashed = (texts: readonly string[]): string =>
  `CAST('0x' || substr(sha256(${texts.join(` || chr(${BETWEEN}) || `)}), 1, ${HASH_DIGITS}) AS BIGINT)`;
