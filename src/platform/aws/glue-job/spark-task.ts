import type { TableColumn } from '../../../ports/tables.ts';
import { SPARK_SETTINGS } from '../../../sql/spark/to-spark.ts';
import { hiveType } from '../athena/types.ts';
import type { AwsPlaces } from '../places.ts';

/**
 * What `glue/build_table.py` gets, as JSON in an object: a job's arguments are short, and are logged. The script
 * makes the views, runs the SQL and writes its rows; it knows nothing else of the lake.
 */
export type SparkTask = {
  /** Settings of the session, by name. */
  readonly settings: { readonly [name: string]: string };
  readonly views: readonly SparkView[];
  /** One SELECT in Spark's SQL over the views. */
  readonly sql: string;
  /** `s3://…/` of a folder that nobody has used. */
  readonly location: string;
};

/** A global temporary view that the SELECT reads: another SELECT, or Parquet files as they lie. */
export type SparkView =
  | { readonly name: string; readonly sql: string }
  | { readonly name: string; readonly files: readonly string[] };

/** The Glue catalog, as Spark's SQL names it. */
export const CATALOG = 'lake';

/**
 * The session for translated SQL. Parquet is written as Athena's UNLOAD writes it, for Athena, the warehouse and whoever
 * reads the files: instants as INT96, decimals in bytes. Tables come by way of Iceberg's Glue catalog.
 * Sources: https://spark.apache.org/docs/3.5.6/sql-data-sources-parquet.html, https://iceberg.apache.org/docs/1.10.0/aws/
 */
export function sessionSettings({ buckets }: Pick<AwsPlaces, 'buckets'>): {
  readonly [name: string]: string;
} {
  const catalog = `spark.sql.catalog.${CATALOG}`;
  return {
    ...SPARK_SETTINGS,
    'spark.sql.parquet.writeLegacyFormat': 'true',
    'spark.sql.parquet.outputTimestampType': 'INT96',
    'spark.sql.parquet.int96RebaseModeInWrite': 'CORRECTED',
    'spark.sql.parquet.datetimeRebaseModeInWrite': 'CORRECTED',
    'spark.sql.parquet.int96RebaseModeInRead': 'CORRECTED',
    'spark.sql.parquet.datetimeRebaseModeInRead': 'CORRECTED',
    [catalog]: 'org.apache.iceberg.spark.SparkCatalog',
    [`${catalog}.catalog-impl`]: 'org.apache.iceberg.aws.glue.GlueCatalog',
    [`${catalog}.io-impl`]: 'org.apache.iceberg.aws.s3.S3FileIO',
    // Asked for, and used for tables without a place of their own: there are none.
    [`${catalog}.warehouse`]: `s3://${buckets.results}/none`,
  };
}

/** A quoted identifier of Spark's SQL. */
export const sparkIdent = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/**
 * A column of a result as the table's files keep it: of its own type, instants to the millisecond, as Athena's are.
 * Halves go up, as Athena rounds them.
 */
export function keptColumn({ name, type }: TableColumn): string {
  const column = sparkIdent(name);
  if (type !== 'timestamp') return `CAST(${column} AS ${hiveType(type)}) AS ${column}`;
  const micros = `unix_micros(CAST(${column} AS timestamp_ltz))`;
  return `timestamp_millis(CAST(floor((${micros} + 500) / 1000) AS bigint)) AS ${column}`;
}

/** No rows of these columns. */
export function noRows(columns: readonly TableColumn[]): string {
  const list = columns.map(({ name, type }) => `CAST(NULL AS ${hiveType(type)}) AS ${sparkIdent(name)}`);
  return `SELECT ${list.join(', ')} WHERE false`;
}
