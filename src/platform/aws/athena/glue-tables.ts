import {
  BatchDeleteTableCommand,
  CreateTableCommand,
  GetTableCommand,
  type GlueClient,
  paginateGetTables,
  type StorageDescriptor,
  type Table,
  type TableInput,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { called, isNamed } from '../errors.ts';
import type { EngineContext } from './engine-context.ts';
import type { TableAddress } from './storage.ts';

/** What one call deletes at most. */
const DELETES = 100;

/** The table as Glue knows it; undefined where there is none. */
export async function findTable(glue: GlueClient, place: TableAddress): Promise<Table | undefined> {
  const call = glue.send(new GetTableCommand({ DatabaseName: place.database, Name: place.name }));
  const answer = await called(
    `Reading the table ${place.database}.${place.name} of the Glue catalog`,
    place.name,
    call.catch((error) => {
      if (isNamed(error, 'EntityNotFoundException')) return undefined;
      throw error;
    }),
  );
  return answer?.Table;
}

export async function createTable(
  glue: GlueClient,
  database: string,
  table: TableInput,
  how: { iceberg?: true; mayExist?: boolean } = {},
): Promise<void> {
  const command = new CreateTableCommand({
    DatabaseName: database,
    TableInput: table,
    ...(how.iceberg
      ? { OpenTableFormatInput: { IcebergInput: { MetadataOperation: 'CREATE', Version: '2' } } }
      : {}),
  });
  await called(
    `Creating the table ${database}.${table.Name} in the Glue catalog`,
    table.Name!,
    glue.send(command).catch((error: unknown) => {
      if (!how.mayExist || !isNamed(error, 'AlreadyExistsException')) throw error;
    }),
  );
}

/** A table by a name that is its maker's own: where an earlier call of the same making has made it, it stays. */
export function createOwnTable(
  { glue, budget }: Pick<EngineContext, 'glue' | 'budget'>,
  database: string,
  table: TableInput,
  how: { iceberg?: true } = {},
): Promise<void> {
  return createTable(glue, database, table, { ...how, mayExist: budget !== undefined });
}

/**
 * Makes the table be exactly this, whatever it was: one call, so readers see the old one or the new one.
 * @returns whether there was anything to change
 */
export async function putTable(
  glue: GlueClient,
  database: string,
  table: TableInput,
  found: Table | undefined,
): Promise<void> {
  if (!found) return createTable(glue, database, table);
  const command = new UpdateTableCommand({
    DatabaseName: database,
    TableInput: table,
    VersionId: found.VersionId,
    // Every version of every table counts against the account's quota, and nobody goes back to one.
    SkipArchive: true,
  });
  await called(
    `Changing the table ${database}.${table.Name} in the Glue catalog`,
    table.Name!,
    glue.send(command),
  );
}

/** Every table of a database; none where the database is not there. */
export async function listTables(glue: GlueClient, database: string): Promise<Table[]> {
  const found: Table[] = [];
  const pages = paginateGetTables({ client: glue, pageSize: 100 }, { DatabaseName: database });
  const read = async () => {
    for await (const { TableList = [] } of pages) found.push(...TableList);
  };
  const reading = read().catch((error: unknown) => {
    if (!isNamed(error, 'EntityNotFoundException')) throw error;
  });
  await called(`Listing the tables of ${database}`, database, reading);
  return found;
}

/** Takes tables out of the catalog; their files stay. One that is not there is no error. */
export async function dropTables(
  glue: GlueClient,
  database: string,
  names: readonly string[],
): Promise<void> {
  for (let at = 0; at < names.length; at += DELETES) {
    const command = new BatchDeleteTableCommand({
      DatabaseName: database,
      TablesToDelete: names.slice(at, at + DELETES),
    });
    await called(`Dropping tables of ${database}`, database, glue.send(command));
  }
}

const PARQUET = {
  InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
} satisfies StorageDescriptor;

const LINES = {
  InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  SerdeInfo: {
    SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
    // A character that JSON never holds unescaped: a whole line is one column.
    Parameters: { 'field.delim': '\u0001', 'serialization.format': '1' },
  },
} satisfies StorageDescriptor;

/** The location is a folder with lists of files (`symlink.txt`) in place of the files themselves. */
const LISTED = 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat';

export interface ExternalTable {
  readonly format: 'parquet' | 'lines';
  readonly location: string;
  /** The location holds a list of the files in place of the files themselves. Default: it does not. */
  readonly isList?: boolean;
  /** Names and Hive types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly parameters?: Readonly<Record<string, string>>;
}

/** An external table over files as Glue takes it. */
export function externalTable(name: string, table: ExternalTable): TableInput {
  const form = table.format === 'parquet' ? PARQUET : LINES;
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      EXTERNAL: 'TRUE',
      ...(table.format === 'parquet' ? { classification: 'parquet' } : {}),
      ...table.parameters,
    },
    StorageDescriptor: {
      ...form,
      ...(table.isList ? { InputFormat: LISTED } : {}),
      Columns: table.columns.map(({ name: Name, type: Type }) => ({ Name, Type })),
      Location: table.location,
    },
  };
}
