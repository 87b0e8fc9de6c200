import type { Check } from '../../campus/check-schema.ts';

/**
 * The rules of AWS Glue Data Quality that say what a check says; none where it has no word for it, as for what
 * compares a table with itself of the run before (dynamic rules work in ETL jobs only) or with the moment up to which it
 * is loaded. Most of its rules take an
 * empty value for a broken rule and the lake does not, so each leaves empty ones out. Where no rule of its own says
 * the same, the rows are counted in Spark's SQL.
 * Source: https://docs.aws.amazon.com/glue/latest/dg/dqdl.html and dqdl-rule-types.html there
 */
export function rulesOf(check: Check): string[] {
  switch (check.kind) {
    case 'not_null':
      return check.columns.map((column) => `IsComplete ${quoted(column)}`);
    case 'unique':
      return [
        check.columns.length === 1 && check.nullsDistinct !== false
          ? oneUnique(check.columns[0]!)
          : uniqueTogether(check.columns, check.nullsDistinct),
      ];
    case 'accepted_values':
      return [acceptedValues(check.column, check.values)];
    case 'range':
      return [
        ...(check.min === undefined ? [] : [bounded(check.column, '>=', check.min)]),
        ...(check.max === undefined ? [] : [bounded(check.column, '<=', check.max)]),
      ];
    case 'relationships': {
      const from = `primary c left anti join ${aliasOf(check.to)} p on c.${check.column} = p.${check.field}`;
      return [none(`select count(*) from ${from} where c.${check.column} is not null`)];
    }
    case 'freshness':
      return [];
    case 'row_count':
      return check.min === undefined ? [] : [`RowCount >= ${check.min}`];
  }
}

/** How another table is called in a rule: the name under which an evaluation must be given it. */
export const aliasOf = (table: string): string => table.replace('.', '_');

const oneUnique = (column: string): string => `IsUnique ${quoted(column)} ${filled(column)}`;

function uniqueTogether(columns: readonly string[], nullsDistinct = true): string {
  const list = columns.join(', ');
  const whole = columns.map((column) => `${column} is not null`).join(' and ');
  const where = nullsDistinct ? ` where ${whole}` : '';
  return none(
    `select count(*) from (select ${list} from primary${where} group by ${list} having count(*) > 1) d`,
  );
}

function acceptedValues(column: string, values: readonly (string | number | boolean)[]): string {
  const texts = values.every((value) => typeof value === 'string');
  if (texts || values.every((value) => typeof value === 'number')) {
    const list = values.map((value) => (texts ? quoted(String(value)) : number(Number(value))));
    return `ColumnValues ${quoted(column)} in [ ${list.join(', ')} ] ${filled(column)}`;
  }
  return none(`select count(*) from primary where ${column} not in (${values.map(sqlLiteral).join(', ')})`);
}

/** A day as an end means the whole day, on a timestamp too. */
function bounded(column: string, sign: '>=' | '<=', bound: number | string): string {
  if (typeof bound === 'number')
    return `ColumnValues ${quoted(column)} ${sign} ${number(bound)} ${filled(column)}`;
  const beyond = sign === '<=' ? '>' : '<';
  return none(
    `select count(*) from primary where cast(${column} as date) ${beyond} date ${sqlLiteral(bound)}`,
  );
}

const filled = (column: string): string => `where ${quoted(`${column} is not null`)}`;

/** No row that a query counts. */
const none = (query: string): string => `CustomSql ${quoted(query)} = 0`;

/** In a text of the language a backslash stands before quotes and before itself. */
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** The language has no exponents. */
const number = (value: number): string =>
  value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });

const sqlLiteral = (value: string | number | boolean): string =>
  typeof value === 'string' ? `'${value.replaceAll(/['\\]/g, '\\$&')}'` : String(value);
