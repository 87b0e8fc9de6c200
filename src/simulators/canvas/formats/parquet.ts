import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { CellValue, Change } from '../../college/college.ts';
import { type Cell, cellOf, propertyOf } from '../cells.ts';
import type { DapColumn, DapType } from '../schema/dap-types.ts';
import { tickOf, type WriteOptions } from './format.ts';
import { jsonText } from './scalars.ts';

/** Rows between two breaths, so that a big file does not stop the server, and rows of one row group. */
const ROWS_PER_GROUP = 20_000;

type Node = { readonly elements: SchemaElement[]; read(change: Change): unknown };

/**
 * A Parquet file as Spark 3 reads it: structs `meta`, `key` and `value`, all fields optional but the key's. The
 * file itself is not compressed; its pages are (Snappy). `value` is null for deletes.
 */
export async function parquetFile(changes: readonly Change[], options: WriteOptions): Promise<Uint8Array[]> {
  const sections = [metaSection(options), section('key', options), section('value', options)];
  const root: SchemaElement = { name: 'spark_schema', num_children: sections.length };
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: [root, ...sections.flatMap((s) => s.elements)],
    createdBy: 'canvas simulator',
    statistics: false,
  });
  for (let start = 0; start < changes.length; start += ROWS_PER_GROUP) {
    const group = changes.slice(start, start + ROWS_PER_GROUP);
    const columnData = sections.map((s) => ({
      name: nameOf(s),
      data: group.map((change) => s.read(change)),
    }));
    await parquet.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
    await new Promise(setImmediate);
  }
  await parquet.finish();
  return [writer.getBytes()];
}

function nameOf(node: Node): string {
  return node.elements[0]?.name ?? '';
}

function metaSection({ withAction, tickMs }: WriteOptions): Node {
  const ts = instant('ts', 'REQUIRED');
  if (!withAction) {
    return {
      elements: [group('meta', 1, 'REQUIRED'), ts],
      read: (change) => ({ ts: micros(tickOf(change.at, tickMs)) }),
    };
  }
  const action = utf8('action', 'REQUIRED');
  return {
    elements: [group('meta', 2, 'REQUIRED'), ts, action],
    read: (change) => ({ ts: micros(tickOf(change.at, tickMs)), action: change.op }),
  };
}

function section(name: 'key' | 'value', options: WriteOptions): Node {
  const columns = options.table.columns.filter((c) => c.section === name);
  const leaves = columns.map((column) => leafOf(column, options));
  const fields = columns.map((column, i) => ({ name: column.name, read: leaves[i]?.read }));
  return {
    elements: [
      group(name, columns.length, name === 'key' ? 'REQUIRED' : 'OPTIONAL'),
      ...leaves.flatMap((leaf) => leaf.elements),
    ],
    read: (change) => {
      if (name === 'value' && change.op === 'D') return undefined;
      const row: Record<string, unknown> = {};
      for (const field of fields) row[field.name] = field.read?.(change);
      return row;
    },
  };
}

function leafOf(column: DapColumn, options: WriteOptions): Node {
  const cell = cellOf(column, options.opens);
  const repetition = column.section === 'key' ? 'REQUIRED' : 'OPTIONAL';
  if (column.type.kind === 'object' && options.mode === 'expanded') {
    const fields = column.type.fields.map((field) => {
      const { element, write } = primitive(field.name, field.type, 'OPTIONAL');
      return {
        element,
        read: written((change) => propertyOf(cell(change), field.name), write),
        name: field.name,
      };
    });
    return {
      elements: [group(column.name, fields.length, repetition), ...fields.map((f) => f.element)],
      read: (change) =>
        cell(change) === null ? undefined : Object.fromEntries(fields.map((f) => [f.name, f.read(change)])),
    };
  }
  const { element, write } = primitive(column.name, column.type, repetition);
  return { elements: [element], read: written(cell, write) };
}

function written(cell: Cell, write: (value: CellValue) => unknown): (change: Change) => unknown {
  return (change) => {
    const value = cell(change);
    return value === null ? undefined : write(value);
  };
}

type Repetition = 'REQUIRED' | 'OPTIONAL';
interface Primitive {
  readonly element: SchemaElement;
  write(value: CellValue): unknown;
}

function primitive(name: string, type: DapType, repetition: Repetition): Primitive {
  const bare = (physical: SchemaElement['type']): SchemaElement => ({
    name,
    type: physical,
    repetition_type: repetition,
  });
  switch (type.kind) {
    case 'int64':
      return { element: bare('INT64'), write: (value) => BigInt(value as bigint | number | string) };
    case 'int32':
    case 'intEnum':
      return { element: bare('INT32'), write: Number };
    case 'float64':
      return { element: bare('DOUBLE'), write: Number };
    case 'boolean':
      return { element: bare('BOOLEAN'), write: (value) => value };
    case 'timestamp':
      return { element: instant(name, repetition), write: micros };
    case 'date':
      return {
        element: { ...bare('INT32'), converted_type: 'DATE', logical_type: { type: 'DATE' } },
        write: (value) => Date.parse(String(value)) / 86_400_000,
      };
    case 'decimal': {
      const { precision, scale } = type;
      const logical = { type: 'DECIMAL', precision, scale } as const;
      return {
        element: { ...bare('INT64'), converted_type: 'DECIMAL', precision, scale, logical_type: logical },
        write: (value) => unscaled(String(value), scale),
      };
    }
    case 'object':
      return { element: utf8(name, repetition), write: jsonText };
    default:
      return { element: utf8(name, repetition), write: String };
  }
}

/** The digits of a decimal text as one integer: `12.5` with scale 2 is 1250. */
function unscaled(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
}

function micros(value: CellValue): bigint {
  const ms = typeof value === 'number' ? value : Date.parse(String(value));
  return BigInt(ms) * 1000n;
}

function group(name: string, children: number, repetition: Repetition): SchemaElement {
  return { name, num_children: children, repetition_type: repetition };
}

function utf8(name: string, repetition: Repetition): SchemaElement {
  return {
    name,
    type: 'BYTE_ARRAY',
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' },
    repetition_type: repetition,
  };
}

function instant(name: string, repetition: Repetition): SchemaElement {
  return {
    name,
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
    repetition_type: repetition,
  };
}
