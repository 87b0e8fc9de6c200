import { elementOf, entryOf, fieldsOf, type SqlType } from './sql-type.ts';
import { typeText } from './type-text.ts';

const NUMBERS = 'tinyint smallint integer bigint real double decimal';
const OF_NUMBERS = `boolean ${NUMBERS} varchar json`;
const TIMES = 'time|time with time zone|timestamp|timestamp with time zone';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/[ ]/));
const types = (text: string): ReadonlySet<string> => new Set(text.split('|'));

/** What a value of a type can be cast to, besides its own type. Recorded from Trino 476. */
const CASTS: { readonly [from: string]: ReadonlySet<string> } = {
  ...Object.fromEntries(`boolean ${NUMBERS}`.split(' ').map((type) => [type, words(OF_NUMBERS)])),
  varchar: new Set([...words(`boolean ${NUMBERS} char varbinary date json uuid`), ...types(TIMES)]),
  char: words('varchar'),
  varbinary: words('uuid'),
  date: types('varchar|timestamp|timestamp with time zone|json'),
  time: types(`varchar|${TIMES}`),
  'time with time zone': types(`varchar|${TIMES}`),
  timestamp: types(`varchar|date|json|${TIMES}`),
  'timestamp with time zone': types(`varchar|date|${TIMES}`),
  'interval day to second': words('varchar'),
  'interval year to month': words('varchar'),
  json: words(`boolean ${NUMBERS} varchar array map row`),
  uuid: words('varchar varbinary'),
  array: words('json'),
  map: words('json'),
  row: words('json'),
};

/** Whether Trino has a cast from one type to another; whether a value survives it is another question. */
export function canCast(from: SqlType, to: SqlType): boolean {
  if (from === 'unknown') return true;
  const [a, b] = [elementOf(from), elementOf(to)];
  if (a !== undefined && b !== undefined) return canCast(a, b);
  const [entry, other] = [entryOf(from), entryOf(to)];
  if (entry && other) return canCast(entry.key, other.key) && canCast(entry.value, other.value);
  const [fields, others] = [fieldsOf(from), fieldsOf(to)];
  if (fields && others)
    return fields.length === others.length && fields.every(({ type }, i) => canCast(type, others[i]!.type));
  if (from === 'json') return fromJson(to);
  const [base, target] = [typeText(from).base, typeText(to).base];
  return base === target || CASTS[base]?.has(target) === true;
}

/** JSON becomes what each of its parts becomes; its keys are texts. */
function fromJson(to: SqlType): boolean {
  const element = elementOf(to);
  if (element !== undefined) return fromJson(element);
  const entry = entryOf(to);
  if (entry) return canCast('varchar', entry.key) && fromJson(entry.value);
  const fields = fieldsOf(to);
  if (fields) return fields.every(({ type }) => fromJson(type));
  return to === 'json' || CASTS.json!.has(typeText(to).base);
}
