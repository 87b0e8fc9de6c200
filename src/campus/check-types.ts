import type { Check } from './check-schema.ts';
import type { LakeType } from './lake-type.ts';
import { didYouMean } from './nearest.ts';

/** A column as a check meets it in the lake. */
export interface CheckedColumn {
  readonly name: string;
  readonly type: LakeType;
  /** Of a pseudonym: the kind of id that it stands for. Default: the column holds its values as they are. */
  readonly pseudonymNamespace?: string;
  /** The mask by which it is stored. Default: none. */
  readonly mask?: string;
}

/** The columns of a table, by its name; undefined where there is no such table. */
export type ColumnsOf = (table: string) => readonly CheckedColumn[] | undefined;

const isDecimal = (type: LakeType): boolean => type.startsWith('decimal');
const isWhole = (type: LakeType): boolean => type === 'integer' || type === 'bigint';
const isNumber = (type: LakeType): boolean =>
  isWhole(type) || isDecimal(type) || type === 'real' || type === 'double';

/** Types whose values Athena compares with each other. */
function family(type: LakeType): string {
  if (isNumber(type)) return 'number';
  return type === 'date' || type === 'timestamp' ? 'moment' : type;
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

/**
 * Why a check cannot be evaluated on a table: it names what is not there, or compares values of types that cannot be
 * compared. Undefined where it can. A check that fails here would otherwise end in an error of the engine each night,
 * or, worse, pass by an implicit cast.
 * @param tables the other tables of the lake
 */
export function unfitness(
  check: Check,
  columns: readonly CheckedColumn[],
  tables: ColumnsOf,
): string | undefined {
  const names = columns.map(({ name }) => name);
  for (const name of namesIn(check)) {
    if (!names.includes(name)) return `there is no column "${name}"${didYouMean(name, names)}`;
  }
  for (const one of columns) {
    const unfit = namesIn(check).includes(one.name) ? maskUnfit(check, one) : undefined;
    if (unfit !== undefined) return unfit;
  }
  const column = 'column' in check ? columns.find(({ name }) => name === check.column) : undefined;
  if (!column) return undefined;
  switch (check.kind) {
    case 'accepted_values':
      return valuesUnfit(column, check.values);
    case 'range':
      return rangeUnfit(column, check);
    case 'freshness':
      return family(column.type) === 'moment'
        ? undefined
        : `"${column.name}" is ${column.type}, expected a date or a timestamp`;
    case 'relationships':
      return relationUnfit(column, check, tables);
    default:
      return undefined;
  }
}

const namesIn = (check: Check): readonly string[] =>
  'columns' in check ? check.columns : 'column' in check ? [check.column] : [];

/** What a check would say of the mask, and not of the data: it passes or fails whatever the source delivers. */
function maskUnfit({ kind }: Check, { name, mask }: CheckedColumn): string | undefined {
  if (mask === 'empty') return `"${name}" is stored empty, so there is nothing to check`;
  if (kind === 'freshness' && mask !== undefined)
    return `"${name}" is stored by the mask ${mask}, which changes its dates; expected a column that is kept`;
  return undefined;
}

function valuesUnfit({ name, type, pseudonymNamespace }: CheckedColumn, values: readonly unknown[]) {
  if (pseudonymNamespace !== undefined) return `"${name}" holds pseudonyms, of which no values are known`;
  const odd = values.find((value) => !accepts(type, value));
  if (odd === undefined) return undefined;
  if (['timestamp', 'time', 'varbinary'].includes(type))
    return `"${name}" is ${type}, of which single values are not listed; expected a range`;
  const wanted =
    type === 'date'
      ? 'dates in quotes, such as "2026-01-31"'
      : type === 'varchar'
        ? 'texts, in quotes where they look like numbers'
        : type === 'boolean'
          ? 'true or false'
          : isNumber(type)
            ? `${isWhole(type) ? 'whole ' : ''}numbers without quotes`
            : 'another kind of check';
  return `"${name}" is ${type}, found ${JSON.stringify(odd)}; expected ${wanted}`;
}

function accepts(type: LakeType, value: unknown): boolean {
  if (type === 'varchar') return typeof value === 'string';
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'date') return typeof value === 'string' && isDay(value);
  if (isWhole(type)) return Number.isInteger(value);
  return isNumber(type) && typeof value === 'number';
}

function rangeUnfit({ name, type }: CheckedColumn, check: Extract<Check, { kind: 'range' }>) {
  const { min, max } = check;
  const ends = [min, max].filter((end) => end !== undefined);
  const notDay = ends.find((end) => typeof end === 'string' && !isDay(end));
  if (notDay !== undefined) return `"${notDay}" is no day of the calendar`;
  const odd = ends.find((end) => (typeof end === 'number' ? !isNumber(type) : family(type) !== 'moment'));
  if (odd !== undefined) {
    const wanted = isNumber(type)
      ? 'numbers'
      : family(type) === 'moment'
        ? 'dates, such as 2026-01-31'
        : 'a column of numbers, dates or timestamps';
    return `"${name}" is ${type}, found ${JSON.stringify(odd)}; expected ${wanted}`;
  }
  return min !== undefined && max !== undefined && min > max
    ? `min ${min} is above max ${max}, so every row would break it`
    : undefined;
}

function relationUnfit(
  column: CheckedColumn,
  { to, field }: Extract<Check, { kind: 'relationships' }>,
  tables: ColumnsOf,
) {
  const others = tables(to);
  if (!others) return `no table ${to} is loaded`;
  const other = others.find(({ name }) => name === field);
  if (!other)
    return `${to} has no column "${field}"${didYouMean(
      field,
      others.map(({ name }) => name),
    )}`;
  if (family(column.type) !== family(other.type))
    return `"${column.name}" is ${column.type} and ${to}.${field} is ${other.type}; expected columns of one kind`;
  return column.pseudonymNamespace === other.pseudonymNamespace && column.mask === other.mask
    ? undefined
    : `"${column.name}" holds ${kindOf(column)} and ${to}.${field} ${kindOf(other)}, so no value would be found`;
}

function kindOf({ pseudonymNamespace, mask }: CheckedColumn): string {
  if (mask !== undefined) return `values by the mask ${mask}`;
  return pseudonymNamespace === undefined ? 'values as they are' : `pseudonyms of kind ${pseudonymNamespace}`;
}
