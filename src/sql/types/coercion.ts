import { commonType, elementOf, entryOf, fieldsOf, type SqlType } from './sql-type.ts';

/** Types of parameters that texts become by themselves. */
const OF_TEXTS: ReadonlySet<string> = new Set(['joniregexp', 'jsonpath', 'codepoints']);

/**
 * Whether a value of one type becomes the other by itself. Source: the coercions of Trino's `TypeCoercion`; lengths
 * of texts and digits of times do not count.
 */
export function canBecome(from: SqlType, to: SqlType): boolean {
  if (from === to || from === 'unknown') return true;
  if (OF_TEXTS.has(to)) return from === 'varchar' || from === 'char';
  // Trino widens a text to characters of a fixed number, and these to a text.
  if (from === 'varchar' && to === 'char') return true;
  const [element, other] = [elementOf(from), elementOf(to)];
  if (element !== undefined && other !== undefined) return canBecome(element, other);
  const [entry, wanted] = [entryOf(from), entryOf(to)];
  if (entry && wanted) return canBecome(entry.key, wanted.key) && canBecome(entry.value, wanted.value);
  const [fields, others] = [fieldsOf(from), fieldsOf(to)];
  if (fields && others)
    return fields.length === others.length && fields.every(({ type }, i) => canBecome(type, others[i]!.type));
  return commonType(from, to) === to;
}

/** Whether values of a type can be put in an order. */
export function isOrderable(type: SqlType): boolean {
  if (type === 'json' || type.startsWith('map(') || type.startsWith('function(')) return false;
  const element = elementOf(type);
  if (element !== undefined) return isOrderable(element);
  return fieldsOf(type)?.every((field) => isOrderable(field.type)) ?? true;
}
