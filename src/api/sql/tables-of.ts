import type { Bool, Field, OrderTerm, Root, Rows } from './selection.ts';

/** Every table that a root field reads: in its rows, conditions and order. */
export function tablesOfRoot(root: Root): ReadonlySet<string> {
  const tables = new Set<string>();
  const ofBool = (bool: Bool): void => {
    if (bool.kind === 'and' || bool.kind === 'or') bool.of.forEach(ofBool);
    else if (bool.kind === 'not') ofBool(bool.of);
    else if (bool.kind === 'exists' || bool.kind === 'aggregate') {
      tables.add(bool.of.table);
      ofBool(bool.kind === 'exists' ? bool.where : bool.filter);
    }
  };
  const ofTerm = (term: OrderTerm): void => {
    if (term.kind === 'column') return;
    tables.add(term.of.table);
    if (term.kind === 'object') ofTerm(term.by);
  };
  const ofRows = ({ table, where, order }: Rows): void => {
    tables.add(table.table);
    ofBool(where);
    for (const { by } of order) ofTerm(by);
  };
  const ofFields = (fields: readonly Field[]): void => {
    for (const field of fields) {
      if (field.kind === 'object') {
        tables.add(field.of.table);
        ofFields(field.fields);
      } else if (field.kind === 'array') {
        ofRows(field.rows);
        ofFields(field.fields);
      } else if (field.kind === 'aggregate') {
        ofRows(field.rows);
        for (const part of field.parts) if (part.kind === 'nodes') ofFields(part.fields);
      }
    }
  };
  ofRows(root.rows);
  if (root.kind === 'aggregate') {
    for (const part of root.parts) if (part.kind === 'nodes') ofFields(part.fields);
  } else ofFields(root.fields);
  return tables;
}
