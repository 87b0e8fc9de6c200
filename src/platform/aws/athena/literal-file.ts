import { parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';
import type { LakeType } from '../../../campus/lake-type.ts';
import type { Json } from '../../../json.ts';
import type { Cell } from '../../../ports/query-engine.ts';
import type { TableColumn } from '../../../ports/tables.ts';

/** Rows that the caller holds, as the bytes of a Parquet file with the columns as tables on AWS keep them. */
export function parquetOfRows(
  columns: readonly TableColumn[],
  rows: readonly (readonly Json[])[],
): Uint8Array {
  const buffer = parquetWriteBuffer({
    schema: parquetSchema(columns),
    columnData: columns.map(({ name, type }, i) => ({
      name,
      data: rows.map((row) => parquetValue(row[i] ?? null, type)) as unknown[],
    })),
  });
  return new Uint8Array(buffer);
}

export function parquetSchema(columns: readonly TableColumn[]): SchemaElement[] {
  const root: SchemaElement = { name: 'root', num_children: columns.length };
  return [root, ...columns.map(({ name, type }) => element(name, type))];
}

const PHYSICAL: { readonly [type: string]: Partial<SchemaElement> } = {
  boolean: { type: 'BOOLEAN' },
  integer: { type: 'INT32' },
  bigint: { type: 'INT64' },
  real: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
  varbinary: { type: 'BYTE_ARRAY' },
  date: { type: 'INT32', converted_type: 'DATE' },
  timestamp: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
};

function element(name: string, type: LakeType): SchemaElement {
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(type);
  const physical: Partial<SchemaElement> = decimal
    ? {
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: 16,
        converted_type: 'DECIMAL',
        precision: Number(decimal[1]),
        scale: Number(decimal[2]),
      }
    : (PHYSICAL[type] ?? { type: 'BYTE_ARRAY', converted_type: 'UTF8' });
  return { name, repetition_type: 'OPTIONAL', ...physical };
}

const DAY_MS = 86_400_000;

/** As the writer takes it. Instants are ISO 8601 text, without an offset in UTC; whole numbers of 64 bits and decimals may be text. */
export function parquetValue(given: Cell, type: LakeType): unknown {
  if (given === null) return undefined;
  if (type === 'bigint') return BigInt(given as string | number | bigint);
  if (type === 'date') return Math.floor(Date.parse(`${given}T00:00:00Z`) / DAY_MS);
  if (type === 'timestamp') return micros(String(given));
  if (type.startsWith('decimal')) return unscaled(String(given), Number(/,(\d+)\)$/.exec(type)![1]));
  if (type === 'varbinary') return Buffer.from(String(given), 'hex');
  if (type === 'boolean' || type === 'integer' || type === 'real' || type === 'double') return given;
  return String(given);
}

/** Date.parse reads milliseconds only; what comes after them is added. */
function micros(text: string): bigint {
  const instant = /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`;
  const rest = /\.\d{3}(\d{1,3})/.exec(instant)?.[1] ?? '';
  return BigInt(Date.parse(instant)) * 1000n + BigInt(rest.padEnd(3, '0'));
}

/** `12.5` with two places is 1250. */
function unscaled(decimal: string, scale: number): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d*)(?:\.(\d*))?$/.exec(decimal) ?? [];
  const digits = BigInt(`${whole || '0'}${fraction.padEnd(scale, '0').slice(0, scale)}`);
  return sign ? -digits : digits;
}
