import type { ApiColumn, ApiRelationship } from '../model/api-table.ts';
import { quoted } from './dialect.ts';
import { likePattern, similarPattern } from './patterns.ts';
import type { Bool, Operator } from './selection.ts';
import type { Writing } from './statement.ts';

const COMPARISONS: { readonly [by in Operator]?: string } = {
  _eq: '=',
  _neq: '<>',
  _gt: '>',
  _lt: '<',
  _gte: '>=',
  _lte: '<=',
};

/**
 * A condition as SQL.
 * @param column SQL of a column of the row that it is about
 */
export function conditionSql(writing: Writing, bool: Bool, column: (of: ApiColumn) => string): string {
  switch (bool.kind) {
    case 'and':
    case 'or': {
      if (bool.of.length === 0) return bool.kind === 'and' ? '(1 = 1)' : '(1 = 0)';
      const parts = bool.of.map((part) => conditionSql(writing, part, column));
      return parts.length === 1 ? parts[0]! : `(${parts.join(` ${bool.kind.toUpperCase()} `)})`;
    }
    case 'not':
      return `(NOT ${conditionSql(writing, bool.of, column)})`;
    case 'null':
      return `(${column(bool.column)} IS ${bool.not ? 'NOT ' : ''}NULL)`;
    case 'in': {
      if (bool.values.length === 0) return bool.not ? '(1 = 1)' : '(1 = 0)';
      const values = bool.values.map((value) => writing.bind(value, bool.column.type));
      return `(${column(bool.column)} ${bool.not ? 'NOT ' : ''}IN (${values.join(', ')}))`;
    }
    case 'columns':
      return `(${column(bool.column)} ${COMPARISONS[bool.by]} ${column(bool.other)})`;
    case 'compare':
      return compareSql(writing, bool.by, column(bool.column), bool.value, bool.column);
    case 'exists': {
      const alias = writing.alias();
      const where = conditionSql(writing, bool.where, ({ name }) => `${alias}.${quoted(name)}`);
      const joined = joinSql(bool.over, column, alias);
      return `(EXISTS (SELECT 1 FROM ${writing.dialect.table(bool.of.table)} AS ${alias} WHERE ${joined} AND ${where}))`;
    }
    case 'aggregate': {
      const alias = writing.alias();
      const inside = ({ name }: ApiColumn) => `${alias}.${quoted(name)}`;
      const filter = conditionSql(writing, bool.filter, inside);
      const columns = bool.columns.map(inside);
      const value =
        bool.fn === 'count'
          ? columns.length === 0
            ? 'count(*)'
            : `count(${bool.distinct ? 'DISTINCT ' : ''}${columns[0]})`
          : `${bool.fn}(${columns[0]})`;
      const joined = joinSql(bool.over, column, alias);
      const figure = `(SELECT ${value} FROM ${writing.dialect.table(bool.of.table)} AS ${alias} WHERE ${joined} AND ${filter})`;
      return conditionSql(writing, bool.predicate, () => figure);
    }
  }
}

/** That a row of the other table belongs to this one. */
function joinSql({ on }: ApiRelationship, column: (of: ApiColumn) => string, alias: string): string {
  return on.map(([own, theirs]) => `${alias}.${quoted(theirs)} = ${column(joinColumn(own))}`).join(' AND ');
}

/** A column by which rows are joined: only its name matters. */
const joinColumn = (name: string): ApiColumn => ({ name, field: name, type: 'varchar' });

function compareSql(
  writing: Writing,
  by: Operator,
  column: string,
  value: string,
  { type }: ApiColumn,
): string {
  const comparison = COMPARISONS[by];
  if (comparison !== undefined) return `(${column} ${comparison} ${writing.bind(value, type)})`;
  const isNot = by.startsWith('_n');
  const not = isNot ? 'NOT ' : '';
  const kind = by.replace(/^_n?/, '');
  switch (kind) {
    case 'like':
    case 'ilike': {
      const { pattern, isEscaped } = likePattern(value);
      const bound = writing.bind(kind === 'ilike' ? pattern.toLowerCase() : pattern, 'varchar');
      const text = kind === 'ilike' ? `lower(${column})` : column;
      return `(${text} ${not}LIKE ${bound}${isEscaped ? String.raw` ESCAPE '\'` : ''})`;
    }
    default: {
      const pattern = kind === 'similar' ? similarPattern(value) : kind === 'iregex' ? `(?i)${value}` : value;
      return `(${not}${writing.dialect.matches(column, writing.bind(pattern, 'varchar'))})`;
    }
  }
}
