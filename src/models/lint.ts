import { nearest } from '../campus/nearest.ts';
import { type Place, SqlError } from './errors.ts';
import { SHARED_FUNCTIONS } from './functions.ts';
import type { ParsedStatement } from './parse-select.ts';
import { type AstObject, isObject, nameOf, placeAt, placeOf, visit } from './sql-ast.ts';

/** What a rule finds: why it is refused, and the way that works in both homes. */
type Finding = readonly [what: string, portable: string];

type Rule = (object: AstObject, above: readonly AstObject[]) => Finding | undefined;

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
  ({ function: call, aggregate_function: aggregate, window_function: windowed }) => {
    const named = [call, aggregate, windowed].find((data) => isObject(data) && typeof data.name === 'string');
    const name = isObject(named) ? String(named.name).toLowerCase() : undefined;
    if (name === undefined || SHARED_FUNCTIONS.has(name)) return undefined;
    if (name === 'table') return ['table functions cannot be called here', 'ask a table, or UNNEST an array'];
    const guess = nearest(name, SHARED_FUNCTIONS);
    return [
      `there is no function "${name}" that both homes have`,
      guess === undefined
        ? 'docs/sql.md lists the functions'
        : `did you mean "${guess}"? docs/sql.md lists them all`,
    ];
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
        place: placeOfFinding(object, above, statement.text),
        hint: portable,
      });
    }
  });
}

/** A function's own name has no place in the tree: it is looked for in the text. */
function placeOfFinding(object: AstObject, above: readonly AstObject[], text: string): Place | undefined {
  const call = [object.function, object.aggregate_function].find(isObject);
  const called = call && typeof call.name === 'string' ? findCall(text, call.name) : undefined;
  return called ?? [object, ...above].map((o) => placeOf(o, text)).find((place) => place !== undefined);
}

function findCall(text: string, name: string): Place | undefined {
  const found = new RegExp(`\\b${name.replaceAll(/\W/g, '')}\\s*\\(`, 'i').exec(text);
  return found ? placeAt(text, [...text.slice(0, found.index)].length) : undefined;
}
