import type { LakeType } from '../campus/lake-type.ts';
import { maskTakes, type Shown } from '../campus/masks.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { type Condition, type Literal, leavesOf, operandsOf } from './condition.ts';
import { mismatch } from './operand-type.ts';
import type { AccessPolicy } from './policy.ts';
import { conditionSql, type MaskTerms, quoted } from './portable-sql.ts';

/** What a role sees of a table. */
export interface VisibleParts {
  readonly version: TableVersion;
  /** Columns that are not hidden, in the order of the table. */
  readonly columns: readonly { readonly name: string; readonly shown: Shown }[];
  /** Undefined: all rows. */
  readonly rows: Condition | undefined;
}

/** What each wall writes in its own way. */
export interface WallSql {
  /** The name of a whole table, which nobody else can read. */
  readonly whole: (of: TableVersion) => string;
  readonly literal: (literal: Literal, type: LakeType) => string;
  /** The session's attribute, as a value that a column of the type is compared with. */
  readonly attribute: (name: string, type: LakeType) => string;
  /** A column as it is shown; undefined for a mask that the wall cannot make. */
  readonly mask: (shown: Shown, column: string, type: LakeType, terms: MaskTerms) => string | undefined;
}

/**
 * A SELECT of what a role sees of a table; undefined where nothing is seen: see `visibleTerms`.
 * @param tables the tables of the same publication
 */
export function visibleSelect(
  policy: AccessPolicy,
  parts: VisibleParts,
  tables: TableSet,
  wall: WallSql,
): string | undefined {
  const terms = visibleTerms(policy, parts, tables, wall);
  if (terms === undefined) return undefined;
  const { values, where } = terms;
  const list = parts.columns.map(({ name }, i) => `${values[i]} AS ${quoted(name)}`);
  const only = where === undefined ? '' : ` WHERE ${where}`;
  return `SELECT ${list.join(', ')} FROM ${wall.whole(parts.version)} AS t0${only}`;
}

/**
 * What a role sees of a table: the value of each column, and the condition on rows, over the table as `t0`.
 * @param tables the tables of the same publication: lookups are made of them
 * @returns undefined where the policy cannot be applied to the tables as they are: then nothing is seen
 */
export function visibleTerms(
  policy: AccessPolicy,
  parts: VisibleParts,
  tables: TableSet,
  wall: WallSql,
): { readonly values: readonly string[]; readonly where: string | undefined } | undefined {
  if (!applies(policy, parts, tables)) return undefined;
  const { version, columns, rows } = parts;
  const where = (condition: Condition, of: TableVersion, depth: number): string =>
    conditionSql(condition, {
      column: (name) => `t${depth}.${quoted(name)}`,
      typeOf: (name) => typeIn(of, name)!,
      literal: wall.literal,
      attribute: wall.attribute,
      comparedWith: (name) => valuesOf(name, depth + 1),
    });
  const valuesOf = (name: string, depth: number): string => {
    const lookup = policy.lookups.get(name)!;
    const of = tables[lookup.table]!;
    const value = `t${depth}.${quoted(lookup.column)}`;
    const only = lookup.where === undefined ? '' : ` AND (${where(lookup.where, of, depth)})`;
    return `SELECT ${value} FROM ${wall.whole(of)} AS t${depth} WHERE ${value} IS NOT NULL${only}`;
  };
  const terms: MaskTerms = {
    context: policy.masks ?? { year: new Date().getUTCFullYear() },
    sibling(name) {
      const type = typeIn(version, name);
      return type && { sql: `t0.${quoted(name)}`, type };
    },
  };
  const values = columns.flatMap(
    ({ name, shown }) => wall.mask(shown, `t0.${quoted(name)}`, typeIn(version, name)!, terms) ?? [],
  );
  if (values.length < columns.length) return undefined;
  return { values, where: rows === undefined ? undefined : where(rows, version, 0) };
}

const typeIn = (of: TableVersion, name: string): LakeType | undefined =>
  of.columns.find((column) => column.name === name)?.type;

/** Whether the published tables have the columns and types of which the policy speaks: yet, and still. */
function applies(policy: AccessPolicy, { version, columns, rows }: VisibleParts, tables: TableSet): boolean {
  const holds = (condition: Condition, of: TableVersion): boolean =>
    leavesOf(condition).every((leaf) => {
      const type = typeIn(of, leaf.column);
      if (type === undefined) return false;
      if (leaf.kind === 'lookup') return hasValues(leaf.lookup, type);
      return operandsOf(leaf).every(
        (operand) => operand.kind === 'attribute' || mismatch(operand, type) === undefined,
      );
    });
  const hasValues = (name: string, type: LakeType): boolean => {
    const lookup = policy.lookups.get(name);
    const of = lookup && Object.hasOwn(tables, lookup.table) ? tables[lookup.table] : undefined;
    if (!lookup || !of || typeIn(of, lookup.column) !== type) return false;
    return lookup.where === undefined || holds(lookup.where, of);
  };
  const areShown = columns.every(({ name, shown }) => {
    const type = typeIn(version, name);
    return type !== undefined && maskTakes(shown, type);
  });
  return areShown && (rows === undefined || holds(rows, version));
}
