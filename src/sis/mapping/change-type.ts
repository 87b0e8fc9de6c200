import type { ColumnRule } from './rules.ts';

type DataType = Extract<ColumnRule, { 'rule-action': 'change-data-type' }>['data-type'];

const POSTGRES: Readonly<Record<Exclude<DataType['type'], 'numeric' | 'string' | 'wstring'>, string>> = {
  boolean: 'boolean',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  real4: 'real',
  real8: 'double precision',
  date: 'date',
  datetime: 'timestamp without time zone',
};

/** The type of PostgreSQL to which a column is cast so that it leaves as DMS's `data-type` says. */
export function castOf(to: DataType): string {
  if (to.type === 'numeric') return `numeric(${to.precision || 38},${to.scale || 0})`;
  if (to.type === 'string' || to.type === 'wstring') {
    return to.length ? `character varying(${to.length})` : 'text';
  }
  return POSTGRES[to.type];
}
