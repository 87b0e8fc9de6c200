import PQueue from 'p-queue';
import { keyTexts, STORED_SHIFT } from '../../../access/mask-keys.ts';
import { StillRunningError } from '../../../ports/errors.ts';
import type { StagedTableSpec } from '../../../ports/staging.ts';
import { isShifted } from '../../../privacy/keyed-column.ts';
import { kindKey } from '../../../privacy/pseudonym.ts';
import { STAGING_FOLDER } from '../places.ts';
import { refuseCutValues } from './cut-values.ts';
import type { EngineContext } from './engine-context.ts';
import { AthenaError } from './errors.ts';
import { createOwnTable, dropTables, externalTable } from './glue-tables.ts';
import { SHIFT_KEY } from './mask-sql.ts';
import { freshName } from './names.ts';
import { type ParquetColumn, parquetColumns } from './parquet-columns.ts';
import { readFooter } from './parquet-footer.ts';
import { keyColumn } from './pseudonym-sql.ts';
import type { KeyTable, RawTable } from './raw-dap.ts';
import type { TableAddress } from './storage.ts';

/**
 * Registers the exact files of a load as an external table for as long as `work` takes, in however many processes. A
 * folder would not do: a manifest may lie next to them, and some may be taken already. The table's location holds a
 * list of them.
 */
export async function withRawTable<T>(
  context: EngineContext,
  spec: StagedTableSpec,
  files: readonly string[],
  versionId: string,
  work: (raw: RawTable) => Promise<T>,
): Promise<T> {
  const { objects, glue } = context;
  const own = freshName(context, STAGING_FOLDER, spec.table, `raw_${versionId}`);
  const made: TableAddress[] = [];
  const keys: string[] = [];
  let goesOn = false;
  try {
    const footers = spec.format === 'parquet' ? await readFooters(context, spec, files) : undefined;
    const reported = footers?.columns;
    const list = `${own.folder}/symlink.txt`;
    keys.push(list);
    await objects.putText(list, files.map((file) => `${file}\n`).join(''));
    const columns = reported?.map(({ name, hive }) => ({ name, type: hive })) ?? [
      { name: 'line', type: 'string' },
    ];
    const format = reported ? 'parquet' : 'lines';
    const location = `${objects.uri(own.folder)}/`;
    made.push(own.place);
    const table = externalTable(own.place.name, { format, location, isList: true, columns });
    await createOwnTable(context, own.place.database, table);
    if (footers) await refuseCutValues(context, spec, footers, own.place);
    const pseudonyms = await keysOf(context, spec, versionId, made, keys);
    return await work({ place: own.place, keys: pseudonyms, reported });
  } catch (error) {
    goesOn = error instanceof StillRunningError;
    throw error;
  } finally {
    if (!goesOn) {
      const names = made.map((place) => place.name);
      if (names.length > 0) await dropTables(glue, own.place.database, names).catch(() => undefined);
      await objects.delete(keys).catch(() => undefined);
    }
  }
}

/** A night of changes is hundreds of small files. */
const FOOTERS_AT_ONCE = 16;

/** What the files of a load report together. */
export interface LoadFooters {
  readonly rows: number;
  /** Of a column that some lack, or give otherwise, what the first says. */
  readonly columns: readonly ParquetColumn[];
  /** By column, bytes that none of its values exceeds. */
  readonly largest: ReadonlyMap<string, number>;
}

/** Reads the footers of the files of a load. */
export async function readFooters(
  context: EngineContext,
  spec: StagedTableSpec,
  files: readonly string[],
): Promise<LoadFooters> {
  const found = new Map<string, ParquetColumn>();
  const queue = new PQueue({ concurrency: FOOTERS_AT_ONCE });
  const footers = await Promise.all(
    files.map((file) => queue.add(() => readFooter(context, file, spec.table))),
  );
  let rows = 0;
  const largest = new Map<string, number>();
  for (const footer of footers) {
    rows += footer.rows;
    for (const [name, bytes] of footer.largest) largest.set(name, Math.max(largest.get(name) ?? 0, bytes));
    for (const column of parquetColumns(footer.schema)) {
      if (!found.has(column.name)) found.set(column.name, column);
    }
  }
  return { rows, columns: [...found.values()], largest };
}

/** The keys that a spec needs. */
async function keysOf(
  context: EngineContext,
  spec: StagedTableSpec,
  versionId: string,
  made: TableAddress[],
  keys: string[],
): Promise<KeyTable | undefined> {
  const present = spec.columns.filter((column) => !column.absent);
  const hidden = present.filter(({ treatment }) => treatment === 'pseudonym');
  const shifted = present.find(isShifted);
  const first = hidden[0] ?? shifted;
  if (!first) return undefined;
  const kinds = Object.fromEntries(hidden.map(({ name, pseudonymKind }) => [name, pseudonymKind ?? name]));
  const needs = { table: spec.table, column: first.name, kinds, shifts: shifted !== undefined };
  return keyTable(context, needs, versionId, made, keys);
}

/**
 * Keys of pseudonyms, as a table of one row that lives no longer than the statements of `work` that read it.
 * @param kinds by column, the kind of its ids
 */
export async function withKeyTable<T>(
  context: EngineContext,
  table: string,
  kinds: Readonly<Record<string, string>>,
  versionId: string,
  work: (keys: KeyTable) => Promise<T>,
): Promise<T> {
  const made: TableAddress[] = [];
  const files: string[] = [];
  let goesOn = false;
  try {
    const needs = { table, column: Object.keys(kinds)[0]!, kinds, shifts: false };
    return await work(await keyTable(context, needs, versionId, made, files));
  } catch (error) {
    goesOn = error instanceof StillRunningError;
    throw error;
  } finally {
    if (!goesOn) {
      for (const { database, name } of made)
        await dropTables(context.glue, database, [name]).catch(() => undefined);
      await context.objects.delete(files).catch(() => undefined);
    }
  }
}

/** For which columns keys are needed. */
interface KeyNeeds {
  readonly table: string;
  /** The first of them. */
  readonly column: string;
  /** By column of pseudonyms, the kind of its ids. */
  readonly kinds: Readonly<Record<string, string>>;
  /** Whether dates are shifted. */
  readonly shifts: boolean;
}

async function keyTable(
  context: EngineContext,
  { table, column, kinds: kindsOf, shifts }: KeyNeeds,
  versionId: string,
  made: TableAddress[],
  keys: string[],
): Promise<KeyTable> {
  const secrets = (await context.pseudonymKeys?.()) ?? [];
  const newest = secrets.at(-1);
  if (!newest) throw missingKey(table, column);
  const kinds = [...new Set(Object.values(kindsOf))];
  const all = kinds.flatMap((kind) =>
    secrets.map((secret, i) => ({
      name: keyColumn(kind, i + 1),
      value: kindKey(secret, kind).toString('hex'),
    })),
  );
  if (shifts) {
    const { inner, outer } = keyTexts(newest, STORED_SHIFT);
    all.push({ name: SHIFT_KEY.inner, value: inner }, { name: SHIFT_KEY.outer, value: outer });
  }
  const own = freshName(context, STAGING_FOLDER, table, `keys_${versionId}`);
  const file = `${own.folder}/keys.txt`;
  keys.push(file);
  await context.objects.putText(file, all.map(({ value }) => value).join('\u0001'));
  made.push(own.place);
  const columns = all.map(({ name }) => ({ name, type: 'string' }));
  const lines = {
    format: 'lines',
    location: `${context.objects.uri(own.folder)}/`,
    columns,
  } as const;
  await createOwnTable(context, own.place.database, externalTable(own.place.name, lines));
  return { place: own.place, keys: secrets.length };
}

function missingKey(table: string, column: string): AthenaError {
  return new AthenaError(`${table}.${column} is stored by a secret key, and this campus has none.`, {
    about: table,
    hint: 'set privacy.key in campus.yaml to where the secret key lies',
  });
}
