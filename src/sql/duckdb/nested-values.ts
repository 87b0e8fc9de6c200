import { binary, call, closed, isNull, lambda, numberOf, word } from '../build.ts';
import type { Ast } from '../tree.ts';
import { elementOf, entryOf, fieldsOf, type SqlType } from '../types/sql-type.ts';

/** Whether values of a type hold others: arrays, maps, rows. */
export const isNested = (type: SqlType | undefined): boolean =>
  elementOf(type) !== undefined || entryOf(type) !== undefined || fieldsOf(type) !== undefined;

/** The nth field of a row, from 0: rows are structs whose fields are known by their places. */
export const fieldAt = (row: Ast, index: number): Ast => call('struct_extract_at', row, numberOf(index + 1));

/** An expression over a value that has a name in it: the value is found once, in its own surroundings. */
export const withValue = (value: Ast, name: string, expression: Ast): Ast =>
  call(
    'list_extract',
    call('list_transform', call('trino_alone', value), lambda([name], closed(expression))),
    numberOf(1),
  );

/** For each value of each array, as one array: whether there is a null inside of it; one that is null itself has none. */
export function anyNullWithin(element: SqlType, lists: readonly Ast[]): Ast {
  const flags = lists.map((list) =>
    call('list_transform', list, lambda(['n0'], insideOf(element, word('n0'), 1))),
  );
  return flags.reduce((a, b) => call('list_concat', a, b));
}

/** Whether a value, or something inside of it, is null. */
const hasNull = (type: SqlType, value: Ast, depth: number): Ast =>
  isNested(type) ? binary('or', isNull(value), insideOf(type, value, depth)) : isNull(value);

function insideOf(type: SqlType, value: Ast, depth: number): Ast {
  const each = (list: Ast, element: SqlType): Ast => {
    const name = `n${depth}`;
    const flags = call('list_transform', list, lambda([name], hasNull(element, word(name), depth + 1)));
    return call('trino_any_flag', flags);
  };
  const element = elementOf(type);
  if (element !== undefined) return each(value, element);
  const entry = entryOf(type);
  if (entry) return each(call('trino_map_values', value), entry.value);
  const fields = fieldsOf(type) ?? [];
  return fields
    .map((field, i) => hasNull(field.type, fieldAt(value, i), depth))
    .reduce((a, b) => binary('or', a, b));
}
