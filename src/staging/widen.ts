import { joinTypes } from '../campus/lake-type.ts';
import type { TableColumn } from '../ports/tables.ts';

/** The columns of a table and of what is merged into it: the old ones first, each in the wider type. */
export function mergedColumns(
  current: readonly TableColumn[],
  brought: readonly TableColumn[],
): TableColumn[] {
  const wanted = new Map(brought.map((column) => [column.name, column.type]));
  const known = new Set(current.map((column) => column.name));
  return [
    ...current.map(({ name, type }) => ({ name, type: joinTypes(type, wanted.get(name) ?? type) })),
    ...brought.filter((c) => !known.has(c.name)).map(({ name, type }) => ({ name, type })),
  ];
}
