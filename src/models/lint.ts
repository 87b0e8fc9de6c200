import { SqlError } from './errors.ts';
import type { ParsedStatement } from './parse-select.ts';
import { type AstObject, isObject, nameOf, placeOf, visit } from './sql-ast.ts';

/** What a rule finds: why it is refused, and the way that works in both homes. */
type Finding = readonly [what: string, portable: string];

type Rule = (object: AstObject, above: readonly AstObject[]) => Finding | undefined;

/** Functions that read the machine or its files, or that only DuckDB has. */
const FOREIGN_FUNCTIONS =
  /^(read_|parquet_|glob$|sniff_|duckdb_|pragma_|query$|query_table$|getenv$|getvariable$|install|load_|list_|struct_|strptime$|strftime$|epoch|make_|printf$|regexp_matches$|string_split|str_split|array_to_string$|list$|len$|ifnull$|isodow$|date_sub$|datediff$|dateadd$)/;

const RULES: readonly Rule[] = [
  ({ cast }) =>
    isObject(cast) && cast.double_colon_syntax === true
      ? ['`::` is no cast in Athena', 'write CAST(x AS type)']
      : undefined,
  ({ i_like }) =>
    i_like === undefined ? undefined : ['Athena has no ILIKE', "write lower(x) LIKE '…' with small letters"],
  ({ group_by }) =>
    isObject(group_by) && group_by.all === true
      ? ['Athena has no GROUP BY ALL', 'name the columns, or their numbers: GROUP BY 1, 2']
      : undefined,
  ({ star }) =>
    isObject(star) &&
    [star.except, star.replace, star.rename].some((part) => Array.isArray(part) && part.length > 0)
      ? ['Athena has no SELECT * EXCLUDE or REPLACE', 'name the columns']
      : undefined,
  ({ qualify }) =>
    isObject(qualify)
      ? ['Athena has no QUALIFY', 'put the window function into a subquery and filter outside of it']
      : undefined,
  ({ table_sample }) =>
    isObject(table_sample)
      ? ['TABLESAMPLE gives other rows in every engine', 'filter by a hash of the key: mod(id, 10) = 0']
      : undefined,
  ({ table }) => {
    if (!isObject(table)) return undefined;
    if (table.catalog) return ['a table has two names here, database.table', 'leave the catalog out'];
    const name = nameOf(table.name);
    return name !== undefined && isObject(table.name) && table.name.quoted === true && /[./]/.test(name)
      ? ['files cannot be queried by their name', 'ask a table; `lake tables` lists them']
      : undefined;
  },
  ({ function: call }) => {
    const name = isObject(call) && typeof call.name === 'string' ? call.name.toLowerCase() : '';
    if (name === 'table') return ['table functions cannot be called here', 'ask a table, or UNNEST an array'];
    return FOREIGN_FUNCTIONS.test(name)
      ? [`Athena has no function ${name}`, 'see docs/sql.md for the functions that both homes have']
      : undefined;
  },
  ({ column }) => {
    const name = isObject(column) ? nameOf(column.name) : undefined;
    return name?.startsWith('$')
      ? [`the hidden column "${name}" exists only in Athena`, 'ask ops.loads for what was delivered when']
      : undefined;
  },
  ({ at_time_zone }, above) => {
    if (!isObject(at_time_zone)) return undefined;
    const used = above.find(
      (object) => !('paren' in object) && !('this' in object && Object.keys(object).length < 3),
    );
    return used &&
      (['cast', 'date_trunc', 'extract', 'function'].some((kind) => kind in used) || isZoneUser(above))
      ? undefined
      : [
          'a time with a zone cannot be kept in a table',
          "take what you need of it: CAST(x AT TIME ZONE 'America/Chicago' AS timestamp), or date_trunc, hour, …",
        ];
  },
];

/** Whether some function or cast stands between the zoned time and the SELECT list. */
function isZoneUser(above: readonly AstObject[]): boolean {
  for (const object of above) {
    if ('select' in object) return false;
    if ('cast' in object || 'function' in object || 'extract' in object) return true;
    const kind = Object.keys(object)[0] ?? '';
    if (
      /^(date_trunc|year|month|day|hour|minute|second|day_of_week|day_of_year|week|quarter|to_date)$/.test(
        kind,
      )
    )
      return true;
  }
  return false;
}

/**
 * Refuses what cannot mean the same in Athena and on one machine.
 * @throws SqlError naming the reason and the portable way
 */
export function lint(statement: ParsedStatement): void {
  visit(statement.ast, (object, above) => {
    for (const rule of RULES) {
      const finding = rule(object, above);
      if (!finding) continue;
      const [what, portable] = finding;
      throw new SqlError(`${what[0]!.toUpperCase()}${what.slice(1)}.`, {
        place: placeOf(object, statement.text) ?? above.map((o) => placeOf(o, statement.text)).find((p) => p),
        hint: portable,
      });
    }
  });
}
