import { nearest } from '../campus/nearest.ts';
import type { Cell, QueryResult } from '../platform/ports/query-engine.ts';
import type { TableSet } from '../platform/ports/tables.ts';
import { SqlError } from './errors.ts';
import type { ParsedStatement } from './parse.ts';
import { isObject, nameOf } from './tree.ts';

/** Answers SHOW and DESCRIBE from the list of tables, in the shapes that Athena's users know. */
export function answerAboutTables(statement: ParsedStatement, tables: TableSet): QueryResult {
  const words = statement.text.replaceAll(/[`";]/g, '').trim().split(/\s+/);
  const second = words[1]?.toUpperCase() ?? '';
  const from = words.findIndex((word) => /^(from|in)$/i.test(word));
  const target = from > 0 ? words[from + 1] : undefined;
  if (statement.kind === 'describe') return columnsOf(describedTable(statement) ?? words.at(-1)!, tables);
  if (second === 'COLUMNS' && target) return columnsOf(target, tables);
  if (second === 'DATABASES' || second === 'SCHEMAS') {
    const databases = new Set(Object.keys(tables).map((name) => name.split('.')[0]!));
    return result(
      ['database_name'],
      [...databases].sort().map((name) => [name]),
    );
  }
  if (second === 'TABLES') {
    const names = Object.keys(tables)
      .filter((name) => target === undefined || name.startsWith(`${target.toLowerCase()}.`))
      .sort();
    return result(
      ['tab_name'],
      names.map((name) => [name]),
    );
  }
  throw new SqlError(`SHOW ${second} is not answered here.`, {
    place: { line: 1, column: 1 },
    hint: 'SHOW TABLES, SHOW DATABASES, SHOW COLUMNS FROM a table, or DESCRIBE a table',
  });
}

function describedTable(statement: ParsedStatement): string | undefined {
  const described = statement.ast.describe;
  const target = isObject(described) && isObject(described.target) ? described.target.table : undefined;
  if (!isObject(target)) return undefined;
  return [nameOf(target.schema), nameOf(target.name)].filter((part) => part).join('.');
}

function columnsOf(table: string, tables: TableSet): QueryResult {
  const version = tables[table.toLowerCase()];
  if (!version) {
    const guess = nearest(table, Object.keys(tables));
    throw new SqlError(`There is no table "${table}".`, {
      hint: guess === undefined ? '`lake tables` lists the tables' : `did you mean "${guess}"?`,
    });
  }
  return result(
    ['column', 'type'],
    version.columns.map(({ name, type }) => [name, type]),
  );
}

function result(names: string[], rows: Cell[][]): QueryResult {
  return {
    columns: names.map((name) => ({ name, type: 'varchar' })),
    async *batches() {
      if (rows.length > 0) yield rows;
    },
  };
}
