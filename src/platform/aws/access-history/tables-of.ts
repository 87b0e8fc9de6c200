import { parseStatement } from '../../../sql/parse.ts';

/** What stands between quotes, and comments: nothing of it is a name of a table. */
const NO_NAMES = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g;
const QUALIFIED = /(?:"([^"]+)"|\b([a-z_]\w*))\s*\.\s*(?:"([^"]+)"|([a-z_]\w*))/gi;

/**
 * The tables of the lake that a statement names, as `database.table`. Of one that the lake's parser does not read (it is
 * of Athena's own kind, or broken), whatever looks like one of them.
 * @param databases names in the lake, by their names in the Glue catalog
 * @param current the database in which it was asked, for names without one
 */
export async function tablesOf(
  sql: string,
  databases: ReadonlyMap<string, string>,
  current: string | undefined,
): Promise<string[]> {
  const named = (await parsed(sql, current)) ?? qualified(sql);
  const found = named.flatMap(([database, table]) => {
    const own = databases.get(database.toLowerCase());
    return own === undefined ? [] : [`${own}.${table.toLowerCase()}`];
  });
  return [...new Set(found)].sort();
}

async function parsed(sql: string, current = ''): Promise<[string, string][] | undefined> {
  try {
    const { tables, kind } = await parseStatement(sql);
    if (kind !== 'select') return undefined;
    return tables.map(({ name }) => {
      const parts = name.split('.');
      return [parts.at(-2) ?? current, parts.at(-1) ?? ''];
    });
  } catch {
    return undefined;
  }
}

const qualified = (sql: string): [string, string][] =>
  [...sql.replaceAll(NO_NAMES, ' ').matchAll(QUALIFIED)].map((match) => [
    match[1] ?? match[2] ?? '',
    match[3] ?? match[4] ?? '',
  ]);
