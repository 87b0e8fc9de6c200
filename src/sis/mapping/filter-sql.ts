import { quoteIdentifier, quoteLiteral } from '../quote.ts';
import type { Filter, FilterCondition } from './rules.ts';

/** The filters of one rule as a condition of PostgreSQL: all of them, each by any of its conditions. */
export function filterSql(filters: readonly Filter[]): string {
  return filters
    .map((filter) => {
      const column = quoteIdentifier(filter['column-name']);
      return `(${filter['filter-conditions'].map((condition) => conditionSql(column, condition)).join(' OR ')})`;
    })
    .join(' AND ');
}

/** Values are literals without a type, so that PostgreSQL reads each as its column's. */
function conditionSql(column: string, condition: FilterCondition): string {
  switch (condition['filter-operator']) {
    case 'lte':
    case 'ste':
      return `${column} <= ${quoteLiteral(condition.value)}`;
    case 'gte':
      return `${column} >= ${quoteLiteral(condition.value)}`;
    case 'eq':
      return `${column} = ${quoteLiteral(condition.value)}`;
    case 'noteq':
      return `${column} <> ${quoteLiteral(condition.value)}`;
    case 'between':
    case 'notbetween': {
      const not = condition['filter-operator'] === 'between' ? '' : 'NOT ';
      const ends = `${quoteLiteral(condition['start-value'])} AND ${quoteLiteral(condition['end-value'])}`;
      return `${column} ${not}BETWEEN ${ends}`;
    }
    case 'null':
      return `${column} IS NULL`;
    case 'notnull':
      return `${column} IS NOT NULL`;
  }
}
