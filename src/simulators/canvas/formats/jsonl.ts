import type { CellValue, Change } from '../../college/college.ts';
import { cellOf } from '../cells.ts';
import type { DapColumn, DapType } from '../schema/dap-types.ts';
import { type TextFormat, tickOf, type WriteOptions } from './format.ts';
import { instantText, jsonText, quoted } from './scalars.ts';

/**
 * JSON Lines: one record a line, in the sections `key`, `value` (not for deletes) and `meta`; properties without a
 * value are left out. Nested fields stay nested in either mode.
 */
export function jsonlFormat({ table, withAction, opens, tickMs }: WriteOptions): TextFormat {
  const key = sectionWriter(
    table.columns.filter((c) => c.section === 'key'),
    opens,
  );
  const value = sectionWriter(
    table.columns.filter((c) => c.section === 'value'),
    opens,
  );
  return {
    header: '',
    record: (change) => {
      const body = change.op === 'D' ? '' : `"value":{${value(change)}},`;
      const action = withAction ? `,"action":"${change.op}"` : '';
      return `{"key":{${key(change)}},${body}"meta":{"ts":"${instantText(tickOf(change.at, tickMs))}"${action}}}\n`;
    },
  };
}

function sectionWriter(columns: readonly DapColumn[], opens: number): (change: Change) => string {
  const writers = columns.filter(mayHaveValue).map((column) => ({
    prefix: `"${column.name}":`,
    cell: cellOf(column, opens),
    write: valueWriter(column.type),
  }));
  return (change) => {
    let out = '';
    for (const writer of writers) {
      const value = writer.cell(change);
      if (value === null) continue;
      out += out === '' ? writer.prefix : `,${writer.prefix}`;
      out += writer.write(value);
    }
    return out;
  };
}

function mayHaveValue(column: DapColumn): boolean {
  return !column.empty || column.filled !== undefined;
}

function valueWriter(type: DapType): (value: CellValue) => string {
  switch (type.kind) {
    case 'int64':
    case 'int32':
    case 'intEnum':
    case 'decimal':
      return String;
    case 'timestamp':
      return (value) => `"${instantText(value)}"`;
    case 'string':
    case 'text':
    case 'enum':
    case 'json':
      return (value) => quoted(String(value));
    default:
      return jsonText;
  }
}
