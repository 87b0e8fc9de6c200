import type { TableSet } from '../ports/tables.ts';
import type { ParsedStatement } from './parse.ts';

/**
 * What is found out about a statement over tables of these columns, found out once: a model is looked at when it is
 * read, checked and built, in every run of a process, while its tables seldom get other columns. An error is not kept.
 */
export function perColumns<T extends object | true>(
  find: (statement: ParsedStatement, tables: TableSet) => T,
): (statement: ParsedStatement, tables?: TableSet) => T {
  const found = new WeakMap<ParsedStatement, Map<string, T>>();
  return (statement, tables = {}) => {
    const known = found.get(statement) ?? new Map<string, T>();
    found.set(statement, known);
    const columns = JSON.stringify(statement.tables.map(({ name }) => tables[name]?.columns));
    const before = known.get(columns);
    if (before !== undefined) return before;
    const made = find(statement, tables);
    known.set(columns, made);
    if (made instanceof Promise) made.catch(() => known.delete(columns));
    return made;
  };
}
