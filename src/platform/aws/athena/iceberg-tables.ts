import type { GlueClient, IcebergStructField } from '@aws-sdk/client-glue';
import { UpdateTableCommand } from '@aws-sdk/client-glue';
import type { LakeType } from '../../../campus/lake-type.ts';
import type { ObjectStore } from '../../../ports/objects.ts';
import type { TableColumn } from '../../../ports/tables.ts';
import { called } from '../errors.ts';
import type { EngineContext } from './engine-context.ts';
import { AthenaError } from './errors.ts';
import { createOwnTable, findTable } from './glue-tables.ts';
import { type IcebergMetadata, readMetadata } from './iceberg-metadata.ts';
import type { TableAddress } from './storage.ts';
import { hiveType, icebergType } from './types.ts';

interface Catalog {
  readonly glue: GlueClient;
  readonly objects: ObjectStore;
}

/**
 * Makes an empty Iceberg v2 table through Glue: Athena takes no DDL for tables that Lake Formation governs.
 * Source: "Creating Iceberg tables", AWS Glue Developer Guide.
 */
export async function createIcebergTable(
  context: Catalog & Pick<EngineContext, 'budget'>,
  place: TableAddress,
  folder: string,
  columns: readonly TableColumn[],
): Promise<void> {
  const Columns = columns.map(({ name, type }) => ({ Name: name, Type: hiveType(type) }));
  const Location = context.objects.uri(folder);
  const table = { Name: place.name, TableType: 'EXTERNAL_TABLE', StorageDescriptor: { Columns, Location } };
  await createOwnTable(context, place.database, table, { iceberg: true });
}

/** Where the table is now. */
export async function currentMetadata(
  { glue, objects }: Catalog,
  place: TableAddress,
): Promise<{ location: string; metadata: IcebergMetadata }> {
  const table = await findTable(glue, place);
  const location = table?.Parameters?.metadata_location;
  if (location === undefined) {
    throw new AthenaError(`The Iceberg table ${place.database}.${place.name} is not in the Glue catalog.`, {
      about: place.name,
      hint: 'load a snapshot of the dataset; it makes the table again',
    });
  }
  return { location, metadata: await readMetadata(objects, location) };
}

const KEPT_BY_ICEBERG: { readonly [from: string]: readonly string[] } = {
  integer: ['bigint'],
  real: ['double'],
};

/** Whether Iceberg takes this widening without writing the table again: https://iceberg.apache.org/spec/#schema-evolution */
export function isPromotion(from: LakeType, to: LakeType): boolean {
  if (from === to || KEPT_BY_ICEBERG[from]?.includes(to)) return true;
  const [a, b] = [from, to].map((type) => /^decimal\((\d+),(\d+)\)$/.exec(type));
  return !!a && !!b && a[2] === b[2] && Number(b[1]) >= Number(a[1]);
}

/** The fields of a table whose columns are to be these: known ones keep their id, new ones get the next. */
export function evolvedFields(
  metadata: IcebergMetadata,
  columns: readonly TableColumn[],
): IcebergStructField[] {
  const wanted = new Map(columns.map(({ name, type }) => [name, icebergType(type)]));
  const kept = metadata.fields.map(({ id, name, required, type }) => ({
    Id: id,
    Name: name,
    Required: required,
    Type: (wanted.get(name) ?? type) as string,
  }));
  const known = new Set(kept.map((field) => field.Name));
  const added = columns.filter(({ name }) => !known.has(name));
  return [
    ...kept,
    ...added.map(({ name, type }, i) => ({
      Id: metadata.lastColumnId + 1 + i,
      Name: name,
      Required: false,
      Type: icebergType(type),
    })),
  ];
}

/** Adds columns to an Iceberg table and widens others, in one change of its schema. */
export async function evolveIcebergTable(
  { glue, objects }: Catalog,
  place: TableAddress,
  folder: string,
  metadata: IcebergMetadata,
  columns: readonly TableColumn[],
): Promise<void> {
  const Schema = {
    SchemaId: metadata.schemaId + 1,
    Type: 'struct' as const,
    Fields: evolvedFields(metadata, columns),
  };
  const Location = objects.uri(folder);
  const command = new UpdateTableCommand({
    DatabaseName: place.database,
    Name: place.name,
    UpdateOpenTableFormatInput: {
      UpdateIcebergInput: { UpdateIcebergTableInput: { Updates: [{ Schema, Location }] } },
    },
  });
  await called(`Changing the columns of ${place.database}.${place.name}`, place.name, glue.send(command));
}
