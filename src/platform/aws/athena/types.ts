import { isLakeType, type LakeType } from '../../../campus/lake-type.ts';
import type { ResultColumn } from '../../../ports/query-engine.ts';

/** How a column of the lake is kept in a table on AWS: neither Hive nor Athena's Iceberg has times of day. */
export const storedType = (type: LakeType): LakeType => (type === 'time' ? 'varchar' : type);

/** A type in Athena's queries. */
export function trinoType(type: LakeType): string {
  return type === 'timestamp' || type === 'time' ? `${type}(6)` : type;
}

const HIVE: { readonly [type: string]: string } = {
  integer: 'int',
  real: 'float',
  varchar: 'string',
  varbinary: 'binary',
};

/** A type in the Glue catalog, which speaks Hive's words. */
export function hiveType(type: LakeType): string {
  const stored = storedType(type);
  return HIVE[stored] ?? stored;
}

const OF_HIVE = new Map(Object.entries(HIVE).map(([type, hive]) => [hive, type]));

/** The lake's type for a type in the Glue catalog; undefined for one that no column of the lake has. */
export function lakeTypeOfHive(hive: string): LakeType | undefined {
  const type = OF_HIVE.get(hive.toLowerCase()) ?? hive.toLowerCase();
  return isLakeType(type) ? type : undefined;
}

const ICEBERG: { readonly [type: string]: string } = {
  integer: 'int',
  bigint: 'long',
  real: 'float',
  varchar: 'string',
  varbinary: 'binary',
};

/** A type in an Iceberg schema. */
export function icebergType(type: LakeType): string {
  const stored = storedType(type);
  return ICEBERG[stored] ?? stored.replace(',', ', ');
}

/** What Athena says of a column of a result. */
export interface ReportedType {
  readonly Type?: string | undefined;
  readonly Precision?: number | undefined;
  readonly Scale?: number | undefined;
}

const SIMPLE: { readonly [type: string]: LakeType } = {
  boolean: 'boolean',
  tinyint: 'integer',
  smallint: 'integer',
  integer: 'integer',
  bigint: 'bigint',
  float: 'real',
  real: 'real',
  double: 'double',
  varchar: 'varchar',
  char: 'varchar',
  json: 'varchar',
  uuid: 'varchar',
  ipaddress: 'varchar',
  unknown: 'varchar',
  varbinary: 'varbinary',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  'timestamp with time zone': 'timestamp',
};

/** The lake's type for a type that Athena reports; undefined for nested types and intervals. */
export function lakeTypeOf({ Type, Precision, Scale }: ReportedType): LakeType | undefined {
  const name = (Type ?? '').replaceAll(/\(\d+\)/g, '').toLowerCase();
  return name === 'decimal' ? `decimal(${Precision ?? 38},${Scale ?? 0})` : SIMPLE[name];
}

/** The type of a column of an answer: narrow whole numbers as they are. */
export const resultTypeOf = (column: ReportedType): ResultColumn['type'] =>
  column.Type === 'tinyint' || column.Type === 'smallint' ? column.Type : (lakeTypeOf(column) ?? 'varchar');

/** How a file keeps a column of an answer. */
export const keptType = (type: ResultColumn['type']): LakeType =>
  type === 'tinyint' || type === 'smallint' ? 'integer' : type;
