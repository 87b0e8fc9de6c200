import type { CellValue, Change } from '../../college/college.ts';
import { type Cell, cellOf, propertyOf } from '../cells.ts';
import type { DapField, DapTable } from '../schema/dap-types.ts';
import { tickOf, type WriteOptions } from './format.ts';
import { instantText, jsonText, plainText } from './scalars.ts';

/** One column of a CSV or TSV file. `text` gives the unquoted text of a change's value; undefined: no value. */
export interface TextColumn {
  readonly label: string;
  text(change: Change): string | undefined;
}

/** The columns of a tabular file: `meta.ts`, `meta.action` (increments only), `key.…`, `value.…`. */
export function textColumns({ table, withAction, mode, opens, tickMs }: WriteOptions): TextColumn[] {
  const meta: TextColumn[] = [{ label: 'meta.ts', text: (change) => instantText(tickOf(change.at, tickMs)) }];
  if (withAction) meta.push({ label: 'meta.action', text: (change) => change.op });
  return [...meta, ...keyAndValueColumns(table, mode === 'expanded', opens)];
}

function keyAndValueColumns(table: DapTable, expand: boolean, opens: number): TextColumn[] {
  return table.columns.flatMap((column): TextColumn[] => {
    const cell = cellOf(column, opens);
    const label = `${column.section}.${column.name}`;
    const present: Cell = column.section === 'key' ? cell : (c) => (c.op === 'D' ? null : cell(c));
    if (column.type.kind === 'object') {
      return expand
        ? expanded(label, column.type.fields, present)
        : [{ label, text: written(present, jsonText) }];
    }
    const write = plainText(column.type);
    return [{ label, text: written(present, write) }];
  });
}

function expanded(label: string, fields: readonly DapField[], cell: Cell): TextColumn[] {
  return fields.map((field) => ({
    label: `${label}.${field.name}`,
    text: written((change) => propertyOf(cell(change), field.name), plainText(field.type)),
  }));
}

function written(cell: Cell, write: (value: CellValue) => string): TextColumn['text'] {
  return (change) => {
    const value = cell(change);
    return value === null ? undefined : write(value);
  };
}
