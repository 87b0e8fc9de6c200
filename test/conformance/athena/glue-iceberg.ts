import type { TrinoResult } from './trino-client.ts';

type Ask = (sql: string) => Promise<TrinoResult>;

interface Column {
  readonly Name: string;
  readonly Type: string;
}

/**
 * What AWS's Glue does by itself for `OpenTableFormatInput` and the emulator does not: an Iceberg table's first
 * metadata, and changes of its columns. Trino writes them. Undefined for every other call.
 */
export function openTableFormat(
  action: string,
  body: Record<string, unknown>,
): ((ask: Ask) => Promise<string[]>) | undefined {
  if (action === 'CreateTable' && body.OpenTableFormatInput) return async () => [createSql(body)];
  if (action === 'UpdateTable' && body.UpdateOpenTableFormatInput) return (ask) => alterSql(body, ask);
  return undefined;
}

function createSql(body: Record<string, unknown>): string {
  const { Name, StorageDescriptor } = body.TableInput as {
    Name: string;
    StorageDescriptor: { Columns: Column[]; Location: string };
  };
  const columns = StorageDescriptor.Columns.map((column) => `"${column.Name}" ${ofHive(column.Type)}`);
  return `CREATE TABLE iceberg."${body.DatabaseName}"."${Name}" (${columns.join(', ')})
WITH (location = '${StorageDescriptor.Location}', format_version = 2)`;
}

const HIVE: { readonly [type: string]: string } = {
  string: 'varchar',
  int: 'integer',
  float: 'real',
  binary: 'varbinary',
  timestamp: 'timestamp(6)',
};
const ofHive = (type: string): string => HIVE[type] ?? type;

const ICEBERG: { readonly [type: string]: string } = { ...HIVE, long: 'bigint' };

interface Update {
  readonly Schema: {
    readonly Fields: readonly { readonly Id: number; readonly Name: string; readonly Type: string }[];
  };
}

async function alterSql(body: Record<string, unknown>, ask: Ask): Promise<string[]> {
  const { UpdateIcebergInput } = body.UpdateOpenTableFormatInput as {
    UpdateIcebergInput: { UpdateIcebergTableInput: { Updates: Update[] } };
  };
  const table = `iceberg."${body.DatabaseName}"."${body.Name}"`;
  const before = await ask(`SELECT * FROM ${table} LIMIT 0`);
  const held = new Map(before.columns.map(({ name, type }) => [name, type.replaceAll(' ', '')]));
  const fields = UpdateIcebergInput.UpdateIcebergTableInput.Updates[0]!.Schema.Fields;
  if (new Set(fields.map((field) => field.Id)).size !== fields.length)
    throw new Error('a field id comes twice');
  return fields.flatMap(({ Name, Type }) => {
    const type = ICEBERG[Type] ?? Type;
    const old = held.get(Name);
    if (old === undefined) return [`ALTER TABLE ${table} ADD COLUMN "${Name}" ${type}`];
    if (old === type.replaceAll(' ', '')) return [];
    return [`ALTER TABLE ${table} ALTER COLUMN "${Name}" SET DATA TYPE ${type}`];
  });
}
