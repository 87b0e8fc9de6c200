import type { LakeType } from '../../campus/lake-type.ts';
import { VARIABLE } from '../caller.ts';
import { ApiError } from '../errors.ts';
import type { ApiColumn, ApiRelationship, ApiTable } from '../model/api-table.ts';
import type { Bool, Operator } from '../sql/selection.ts';
import { valueText } from '../sql/values.ts';
import type { BoolExp } from './schema.ts';

/** What a filter is read with. */
export interface FilterTerms {
  /** Undefined: the table has no such column. */
  readonly column: (table: string, name: string) => ApiColumn | undefined;
  readonly relationship: (table: string, name: string) => ApiRelationship | undefined;
  readonly table: (name: string) => ApiTable | undefined;
  /** The value of a session variable. */
  readonly variable: (name: string) => string;
}

const COLUMNS = new Map([
  ['_ceq', '_eq'],
  ['_cne', '_neq'],
  ['_cneq', '_neq'],
  ['_cgt', '_gt'],
  ['_clt', '_lt'],
  ['_cgte', '_gte'],
  ['_clte', '_lte'],
]);

const OPERATORS = new Set<string>([
  '_eq',
  '_neq',
  '_gt',
  '_lt',
  '_gte',
  '_lte',
  '_like',
  '_nlike',
  '_ilike',
  '_nilike',
  '_similar',
  '_nsimilar',
  '_regex',
  '_nregex',
  '_iregex',
  '_niregex',
]);

/**
 * A filter of Hasura's metadata over a table. `$op` and `_op` mean the same, a bare value means equality, and several keys all hold.
 * @throws ApiError not-found for a missing session variable, not-supported for what the lake has not: then nothing is shown
 */
export function readFilter(terms: FilterTerms, table: string, filter: BoolExp): Bool {
  const of = Object.entries(filter).map(([written, value]): Bool => {
    const key = written.replace(/^\$/, '_');
    const inner = (one: unknown) => readFilter(terms, table, objectOf(one));
    if (key === '_and' || key === '_or')
      // An object in the place of a list is a list of one.
      return { kind: key === '_and' ? 'and' : 'or', of: [value].flat().map(inner) };
    if (key === '_not') return { kind: 'not', of: inner(value) };
    if (key === '_exists') return readExists(terms, objectOf(value));
    const column = terms.column(table, written);
    if (column) return readColumn(terms, table, column, value);
    const over = terms.relationship(table, written);
    const other = over && terms.table(over.to);
    if (over && other)
      return { kind: 'exists', over, of: other, where: readFilter(terms, over.to, objectOf(value)) };
    throw new ApiError('not-supported', 'a permission speaks of what the lake does not have');
  });
  return of.length === 1 ? of[0]! : { kind: 'and', of };
}

function readExists(terms: FilterTerms, { _table, _where }: BoolExp): Bool {
  const named =
    typeof _table === 'string'
      ? `public.${_table}`
      : `${objectOf(_table).schema ?? 'public'}.${objectOf(_table).name}`;
  const of = terms.table(named.toLowerCase());
  if (!of) throw new ApiError('not-supported', 'a permission speaks of a table that the lake does not have');
  const over: ApiRelationship = { name: '_exists', kind: 'array', to: of.table, on: [] };
  return { kind: 'exists', over, of, where: readFilter(terms, of.table, objectOf(_where)) };
}

function readColumn(terms: FilterTerms, table: string, column: ApiColumn, value: unknown): Bool {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return readOperator(terms, table, column, '_eq', value);
  const of = Object.entries(value).map(([operator, operand]) =>
    readOperator(terms, table, column, operator.replace(/^\$/, '_'), operand),
  );
  return of.length === 1 ? of[0]! : { kind: 'and', of };
}

function readOperator(
  terms: FilterTerms,
  table: string,
  column: ApiColumn,
  written: string,
  operand: unknown,
): Bool {
  const operator = written === '_ne' ? '_neq' : written;
  // A value that nobody knows compares with nothing.
  if (operand === null || operand === undefined)
    throw new ApiError('not-supported', `a permission compares with null by ${operator}`);
  if (operator === '_is_null')
    return { kind: 'null', column, not: String(scalar(terms, operand)) !== 'true' };
  const compared = COLUMNS.get(operator);
  if (compared !== undefined) {
    // `$` as the root of a path names the same row here: columns of the outer row are not known in an inner one.
    const other = typeof operand === 'string' ? terms.column(table, operand) : undefined;
    if (!other) throw new ApiError('not-supported', 'a permission compares with a column that there is not');
    return { kind: 'columns', column, by: compared as '_eq', other };
  }
  if (operator === '_in' || operator === '_nin') {
    const values = isVariable(operand) ? listOf(terms.variable(operand)) : [operand].flat();
    return {
      kind: 'in',
      column,
      values: values.map((one) => text(scalar(terms, one), column.type)),
      not: operator === '_nin',
    };
  }
  if (!OPERATORS.has(operator))
    throw new ApiError('not-supported', `a permission uses ${operator}, which the lake does not have`);
  return {
    kind: 'compare',
    column,
    by: operator as Operator,
    value: text(scalar(terms, operand), column.type),
  };
}

const text = (value: unknown, type: LakeType): string =>
  valueText(type === 'varchar' && typeof value !== 'string' ? String(value) : value, type);

const isVariable = (value: unknown): value is string =>
  typeof value === 'string' && value.toLowerCase().startsWith(VARIABLE);

const scalar = (terms: FilterTerms, value: unknown): unknown =>
  isVariable(value) ? terms.variable(value) : value;

function objectOf(value: unknown): BoolExp {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as BoolExp;
  throw new ApiError('not-supported', 'a permission has no condition where one belongs');
}

/**
 * A list as PostgreSQL writes arrays: `{a,"b,c",NULL}`. Null equals nothing and is left out.
 * @throws ApiError for another text
 */
export function listOf(written: string): string[] {
  const inner = /^\s*\{([\s\S]*)\}\s*$/.exec(written)?.[1];
  if (inner === undefined) throw ApiError.invalid('a session variable is no list, which is written {a,b}');
  if (inner.trim() === '') return [];
  const found: string[] = [];
  const element = /\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}]*?))\s*(,|$)/gsy;
  for (;;) {
    const match = element.exec(inner);
    if (!match) throw ApiError.invalid('a session variable is no list, which is written {a,b}');
    const [, inQuotes, bare = '', end] = match;
    if (inQuotes !== undefined) found.push(inQuotes.replaceAll(/\\(.)/gs, '$1'));
    else if (bare !== '' && !/^null$/i.test(bare)) found.push(bare);
    if (end === '') return found;
  }
}
