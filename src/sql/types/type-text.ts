/** A type as its text says it: `map(varchar,integer)` is `map` of `varchar` and `integer`. */
interface TypeText {
  /** The word before the parentheses; the whole text where there are none. */
  readonly base: string;
  /** What stands in the parentheses, between the commas that are not inside of others. */
  readonly parts: readonly string[];
}

/** One field of a row; it may have no name. */
export interface RowField {
  readonly name: string | undefined;
  readonly type: string;
}

/** Types of several words, which a field without a name may have. */
const SEVERAL_WORDS: ReadonlySet<string> = new Set([
  'timestamp with time zone',
  'time with time zone',
  'interval day to second',
  'interval year to month',
]);

/** Takes the text of a type apart, one level deep. */
export function typeText(type: string): TypeText {
  const open = type.indexOf('(');
  if (open < 0 || !type.endsWith(')')) return { base: type, parts: [] };
  return { base: type.slice(0, open), parts: splitAtCommas(type.slice(open + 1, -1)) };
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (sign === '(') depth++;
    if (sign === ')') depth--;
    if (sign === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  const last = text.slice(start).trim();
  return last === '' && parts.length === 0 ? [] : [...parts, last];
}

/** `a integer`, `"a b" integer` or `integer`, as the field of a row that it is. */
export function rowField(text: string): RowField {
  if (SEVERAL_WORDS.has(text)) return { name: undefined, type: text };
  const quoted = /^"((?:[^"]|"")*)"\s+(.+)$/s.exec(text);
  if (quoted) return { name: quoted[1]!.replaceAll('""', '"'), type: quoted[2]! };
  const plain = /^([A-Za-z_$][\w$]*)\s+(.+)$/s.exec(text);
  return plain ? { name: plain[1]!, type: plain[2]! } : { name: undefined, type: text };
}

/** The text of a field: a name that needs quotes gets them. */
export function rowFieldText({ name, type }: RowField): string {
  if (name === undefined) return type;
  return `${/^[a-z_][a-z0-9_]*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`} ${type}`;
}
