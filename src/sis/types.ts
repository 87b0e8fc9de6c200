import type { LakeType } from '../campus/lake-type.ts';

/**
 * How a column of PostgreSQL travels: DMS's type for it, the lake's, and what must be done to its text on the way.
 * From "Source data types for PostgreSQL" and "Target data types for S3 Parquet" of the AWS DMS User Guide.
 */
export interface TravelType {
  /** DMS's own name of the type (`INT4`, `NUMERIC(5,2)`, `WSTRING(20)`, `NCLOB`). */
  readonly dms: string;
  readonly lake: LakeType;
  /** What PostgreSQL must do to the value before it is written as text. */
  readonly form: TravelForm;
}

/**
 * `plain`: its text is what the lake reads. `text`: cast to text (which also trims `char(n)`, as DMS does by
 * default). `cut`: bare numeric, cut to six places. `money`: as a number, without sign and commas. `utc`: as the
 * time in UTC. `bytes`: as hexadecimal digits. The form of a date or a number that can be infinite follows from its
 * lake type.
 */
export type TravelForm = 'plain' | 'text' | 'cut' | 'money' | 'utc' | 'bytes';

const SIMPLE: Readonly<Record<string, TravelType>> = {
  smallint: { dms: 'INT2', lake: 'integer', form: 'plain' },
  integer: { dms: 'INT4', lake: 'integer', form: 'plain' },
  bigint: { dms: 'INT8', lake: 'bigint', form: 'plain' },
  oid: { dms: 'INT8', lake: 'bigint', form: 'plain' },
  real: { dms: 'REAL4', lake: 'real', form: 'plain' },
  'double precision': { dms: 'REAL8', lake: 'double', form: 'plain' },
  // DMS asks for a fixed size and cuts the digits that do not fit.
  numeric: { dms: 'NUMERIC(28,6)', lake: 'decimal(28,6)', form: 'cut' },
  money: { dms: 'NUMERIC(38,4)', lake: 'decimal(38,4)', form: 'money' },
  boolean: { dms: 'BOOLEAN', lake: 'boolean', form: 'plain' },
  date: { dms: 'DATE', lake: 'date', form: 'plain' },
  'time without time zone': { dms: 'TIME', lake: 'time', form: 'plain' },
  'time with time zone': { dms: 'TIME', lake: 'time', form: 'utc' },
  'timestamp without time zone': { dms: 'DATETIME', lake: 'timestamp', form: 'plain' },
  'timestamp with time zone': { dms: 'DATETIME', lake: 'timestamp', form: 'utc' },
  text: { dms: 'NCLOB', lake: 'varchar', form: 'plain' },
  json: { dms: 'NCLOB', lake: 'varchar', form: 'plain' },
  jsonb: { dms: 'NCLOB', lake: 'varchar', form: 'plain' },
  hstore: { dms: 'NCLOB', lake: 'varchar', form: 'plain' },
  'character varying': { dms: 'WSTRING(8000)', lake: 'varchar', form: 'plain' },
  bytea: { dms: 'BLOB', lake: 'varbinary', form: 'bytes' },
  xml: { dms: 'CLOB', lake: 'varchar', form: 'plain' },
  tsvector: { dms: 'CLOB', lake: 'varchar', form: 'plain' },
  path: { dms: 'CLOB', lake: 'varchar', form: 'plain' },
  polygon: { dms: 'CLOB', lake: 'varchar', form: 'plain' },
  uuid: { dms: 'STRING(36)', lake: 'varchar', form: 'plain' },
  interval: { dms: 'STRING(128)', lake: 'varchar', form: 'plain' },
  inet: { dms: 'STRING(50)', lake: 'varchar', form: 'plain' },
  cidr: { dms: 'STRING(50)', lake: 'varchar', form: 'plain' },
  macaddr: { dms: 'STRING(18)', lake: 'varchar', form: 'plain' },
};

/** Enums, ranges, geometry, arrays, composites and what an extension brings: their text. */
const AS_TEXT: TravelType = { dms: 'STRING(255)', lake: 'varchar', form: 'text' };
const ARRAY: TravelType = { dms: 'NCLOB', lake: 'varchar', form: 'plain' };

const SHAPE = /^(.*?)(?:\((\d+)(?:,(-?\d+))?\))?( with(?:out)? time zone)?(\[\])*$/;
const MAX_PRECISION = 38;

/**
 * How a column travels, from the type as `format_type` writes it (`numeric(5,2)`, `character varying(20)`,
 * `timestamp(3) with time zone`, `integer[]`); of a domain, the type beneath it.
 */
export function travelType(postgresType: string): TravelType {
  if (postgresType.endsWith('[]')) return ARRAY;
  const parts = SHAPE.exec(postgresType);
  if (!parts) return AS_TEXT;
  const [, base = '', first, second, zone = ''] = parts;
  if (base === 'numeric' && first !== undefined) return numeric(Number(first), Number(second ?? 0));
  if (base === 'character varying' && first !== undefined) return string('plain', first);
  if (base === 'character') return string('text', first ?? '1');
  if (base === 'bit' || base === 'bit varying') return string('text', first ?? '255');
  const interval = base.startsWith('interval') ? 'interval' : undefined;
  return SIMPLE[interval ?? base + zone] ?? AS_TEXT;
}

function string(form: TravelForm, length: string): TravelType {
  return { dms: `WSTRING(${length})`, lake: 'varchar', form };
}

/** Since PostgreSQL 15 the scale can be negative or larger than the precision. */
function numeric(precision: number, scale: number): TravelType {
  const digits = scale < 0 ? precision - scale : Math.max(precision, scale);
  const places = Math.max(scale, 0);
  if (digits > MAX_PRECISION) return { dms: 'STRING(255)', lake: 'varchar', form: 'plain' };
  return { dms: `NUMERIC(${digits},${places})`, lake: `decimal(${digits},${places})`, form: 'plain' };
}
