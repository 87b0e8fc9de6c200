/** Most parts of a statement that are asked for by themselves. */
const MOST_PARTS = 60;
const OF_TABLE: { readonly [name: string]: string } = { a: 'a', one: 'a', other: 'a', b: 'b' };

/**
 * Whether a part of a statement fails by itself where the whole was answered: both sides agree that it fails, and the
 * one that answered did not need it. Trino works out arguments in their order and stops at a null, and does so for the
 * left side of an IN whose list is empty; DuckDB works out all arguments, and no left side without a list.
 * @param fails whether the side that answered the whole fails of a value of this statement
 */
export async function isUnreached(sql: string, fails: (part: string) => Promise<boolean>): Promise<boolean> {
  const [tables = '', query = ''] = sql.split(/\n(?=\(?SELECT )/, 2);
  for (const part of partsOf(query).slice(0, MOST_PARTS)) {
    const read = new Set(
      [...part.matchAll(/\b(a|one|other|b)\.[a-z]/g)].map(([, name]) => `${OF_TABLE[name!]} ${name}`),
    );
    const from = read.size === 0 ? '' : ` FROM ${[...read].join(' CROSS JOIN ')}`;
    if (await fails(`${tables}\nSELECT ${part} AS c${from}`)) return true;
  }
  return false;
}

/** The calls and what stands in parentheses, the inmost first. */
function partsOf(query: string): string[] {
  const open: number[] = [];
  const found: string[] = [];
  for (const { 0: sign, index } of query.matchAll(/'(?:[^']|'')*'|[()]/g)) {
    if (sign === '(') open.push(index);
    if (sign !== ')') continue;
    const start = open.pop()!;
    const name = /\w*$/.exec(query.slice(0, start))![0];
    const text = query.slice(
      start - (/^(IN|AND|OR|NOT|ON|WHERE|SELECT|THEN|FROM|OVER)$/.test(name) ? 0 : name.length),
      index + 1,
    );
    if (!/^(\(SELECT|row\(|ROW\(|array\(|map\(|decimal\(|varchar\(|UNNEST|v\()/.test(text)) found.push(text);
  }
  return [...new Set(found)];
}
