import type { SchemaElement } from 'hyparquet';
import type { LakeType } from '../../../campus/lake-type.ts';
import { convert, parseText } from './convert.ts';
import { hiveType } from './types.ts';

/** A column of Parquet files as their footer reports it. */
export interface ParquetColumn {
  readonly name: string;
  /** The lake's type for it; undefined for structs, lists and maps. */
  readonly type?: LakeType;
  /** How the Glue catalog declares it. */
  readonly hive: string;
  /** The fields of a struct. */
  readonly fields?: readonly ParquetColumn[];
}

/** The columns that a footer's list of schema elements describes: a tree, parents before children. */
export function parquetColumns(elements: readonly SchemaElement[]): ParquetColumn[] {
  let at = 1;
  const next = (): ParquetColumn => {
    const element = elements[at++]!;
    const { name } = element;
    if (!element.num_children) {
      const type = leafType(element);
      return { name, type, hive: hiveType(type) };
    }
    const children = Array.from({ length: element.num_children }, next);
    if (isAnnotated(element, 'LIST')) return { name, hive: `array<${listItem(children)}>` };
    if (isAnnotated(element, 'MAP')) {
      const [key, value] = children[0]?.fields ?? [];
      return { name, hive: `map<${key?.hive},${value?.hive}>` };
    }
    return { name, hive: structOf(children), fields: children };
  };
  return Array.from({ length: elements[0]?.num_children ?? 0 }, next);
}

const isAnnotated = (element: SchemaElement, kind: 'LIST' | 'MAP'): boolean =>
  element.converted_type === kind || element.logical_type?.type === kind;

const structOf = (fields: readonly ParquetColumn[]): string =>
  `struct<${fields.map((field) => `${field.name}:${field.hive}`).join(',')}>`;

/** A list is a group with one repeated group (`list`) with one field. */
const listItem = ([repeated]: readonly ParquetColumn[]): string =>
  (repeated?.fields?.length === 1 ? repeated.fields[0]?.hive : repeated?.hive) ?? 'string';

/** Source: LogicalTypes.md of the Parquet format. */
function leafType(element: SchemaElement): LakeType {
  const { type, converted_type: converted } = element;
  const logical = element.logical_type?.type;
  if (converted === 'DECIMAL' || logical === 'DECIMAL') {
    return `decimal(${element.precision ?? 38},${element.scale ?? 0})`;
  }
  if (type === 'INT96' || converted?.startsWith('TIMESTAMP') || logical === 'TIMESTAMP') return 'timestamp';
  if (converted === 'DATE' || logical === 'DATE') return 'date';
  if (converted?.startsWith('TIME_') || logical === 'TIME') return 'time';
  switch (type) {
    case 'BOOLEAN':
      return 'boolean';
    case 'INT32':
      return 'integer';
    case 'INT64':
      return 'bigint';
    case 'FLOAT':
      return 'real';
    case 'DOUBLE':
      return 'double';
    default:
      return converted === 'UTF8' || converted === 'JSON' || converted === 'ENUM' || logical === 'STRING'
        ? 'varchar'
        : 'varbinary';
  }
}

/** A value of such a column as one of the lake's types, and where it has no place in that type. */
export function reportedValue(
  expression: string,
  column: ParquetColumn,
  type: LakeType,
): { value: string; misfit?: string } {
  if (column.type === type)
    return { value: type === 'timestamp' ? `CAST(${expression} AS timestamp(6))` : expression };
  const value =
    column.type === undefined
      ? asJson(expression, type)
      : column.type === 'varchar'
        ? parseText(expression, type)
        : convert(expression, column.type, type);
  return { value, misfit: `${expression} IS NOT NULL AND ${value} IS NULL` };
}

const asJson = (expression: string, type: LakeType): string =>
  parseText(`json_format(CAST(${expression} AS json))`, type);
