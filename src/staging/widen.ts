import type { LakeType } from '../campus/lake-type.ts';
import type { TableColumn } from '../platform/ports/tables.ts';

const WHOLE_DIGITS: { readonly [type: string]: number } = { integer: 10, bigint: 19 };

function decimalParts(type: LakeType): { precision: number; scale: number } | undefined {
  const parts = /^decimal\((\d+),(\d+)\)$/.exec(type);
  return parts ? { precision: Number(parts[1]), scale: Number(parts[2]) } : undefined;
}

/** A decimal that holds every value of both; varchar where that needs more than 38 digits. */
function widerDecimal(a: LakeType, b: LakeType): LakeType {
  const of = (type: LakeType) => decimalParts(type) ?? { precision: WHOLE_DIGITS[type] ?? 38, scale: 0 };
  const scale = Math.max(of(a).scale, of(b).scale);
  const precision = Math.max(of(a).precision - of(a).scale, of(b).precision - of(b).scale) + scale;
  return precision <= 38 ? `decimal(${precision},${scale})` : 'varchar';
}

/**
 * The narrowest type that holds every value of both types without loss: what a column becomes when its source
 * changes type. Readers of the old type still find every old value. bigint with double gives varchar, because a
 * double cannot hold a 17-digit id.
 */
export function widen(a: LakeType, b: LakeType): LakeType {
  if (a === b) return a;
  const pair = new Set([a, b]);
  const isNumber = (type: LakeType) => type in WHOLE_DIGITS || decimalParts(type) !== undefined;
  if (isNumber(a) && isNumber(b)) {
    return pair.has('integer') && pair.has('bigint') ? 'bigint' : widerDecimal(a, b);
  }
  if (pair.has('double') && (pair.has('integer') || pair.has('real'))) return 'double';
  if (pair.has('real') && pair.has('integer')) return 'double';
  if (pair.has('date') && pair.has('timestamp')) return 'timestamp';
  return 'varchar';
}

/** The columns of a table and of what is merged into it: the old ones first, each in the wider type. */
export function mergedColumns(
  current: readonly TableColumn[],
  brought: readonly TableColumn[],
): TableColumn[] {
  const wanted = new Map(brought.map((column) => [column.name, column.type]));
  const known = new Set(current.map((column) => column.name));
  return [
    ...current.map(({ name, type }) => ({ name, type: widen(type, wanted.get(name) ?? type) })),
    ...brought.filter((c) => !known.has(c.name)).map(({ name, type }) => ({ name, type })),
  ];
}
