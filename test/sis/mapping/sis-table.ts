import type { SisTable } from '../../../src/sis/inspect.ts';

/** `sis.student(id, name)`: a table as inspection gives it; every column is of type text unless it says otherwise. */
export function sisTable(text: string, more: Partial<SisTable> = {}): SisTable {
  const [, schema = '', name = '', columns = ''] = /^([^.]+)\.([^(]+)(?:\(([^)]*)\))?$/.exec(text) ?? [];
  return {
    schema,
    name,
    kind: 'table',
    columns: (columns || 'id').split(',').map((column) => {
      const [columnName = '', type = 'text'] = column.trim().split(':');
      return { name: columnName, type, nullable: true };
    }),
    key: [],
    estimatedRows: -1,
    pages: 1,
    ...more,
  };
}

let nextId = 1;
/** A rule of any kind with an id and a name of its own unless it is given one. */
export function rule(more: Record<string, unknown>): Record<string, unknown> {
  const id = nextId++;
  return { 'rule-id': String(id), 'rule-name': `rule${id}`, ...more };
}

export function select(action: string, schema: string, table: string, more = {}): Record<string, unknown> {
  return rule({
    'rule-type': 'selection',
    'rule-action': action,
    'object-locator': { 'schema-name': schema, 'table-name': table },
    ...more,
  });
}

export function transform(
  target: 'schema' | 'table' | 'column',
  action: string,
  locator: [schema: string, table?: string, column?: string],
  more = {},
): Record<string, unknown> {
  const [schema, table, column] = locator;
  return rule({
    'rule-type': 'transformation',
    'rule-target': target,
    'rule-action': action,
    'object-locator': {
      'schema-name': schema,
      ...(table === undefined ? {} : { 'table-name': table }),
      ...(column === undefined ? {} : { 'column-name': column }),
    },
    ...more,
  });
}
