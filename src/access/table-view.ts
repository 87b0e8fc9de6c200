import type { LakeType } from '../campus/lake-type.ts';
import { InputError } from '../errors.ts';
import type { TableView } from '../ports/access.ts';
import type { Session } from '../ports/session.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { type Condition, type Literal, leavesOf, operandsOf } from './condition.ts';
import { maskTakes, type Shown } from './masks.ts';
import { literalOfText, mismatch } from './operand-type.ts';
import type { AccessPolicy } from './policy.ts';
import { conditionSql, maskSql, quoted } from './portable-sql.ts';

/** The database of whole tables in the SQL of views. No source and no model can have it, so no statement names it. */
export const WHOLE = 'unrestricted';

/** What a view of a table is made of. */
export interface ViewParts {
  readonly version: TableVersion;
  /** Columns that are not hidden, in the order of the table. */
  readonly columns: readonly { readonly name: string; readonly shown: Shown }[];
  /** Undefined: all rows. */
  readonly rows: Condition | undefined;
}

/**
 * A table as a session sees it.
 * @param tables the tables of the same publication: lookups are made of them
 * @returns undefined where the policy cannot be applied to the tables as they are: then nothing is seen
 * @throws InputError where an attribute of the session is not what a column can be compared with
 */
export function tableView(
  policy: AccessPolicy,
  session: Session,
  parts: ViewParts,
  tables: TableSet,
): TableView | undefined {
  if (!applies(policy, parts, tables)) return undefined;
  const { version, columns, rows } = parts;
  const reads: Record<string, TableVersion> = {};
  const whole = (of: TableVersion): string => {
    const name = wholeName(of.table);
    reads[name] = of;
    return name;
  };
  const where = (condition: Condition, of: TableVersion, depth: number): string =>
    conditionSql(condition, {
      column: (name) => `t${depth}.${quoted(name)}`,
      typeOf: (name) => typeIn(of, name)!,
      attribute: (name, type) => attributeOf(session, name, type),
      comparedWith: (name) => valuesOf(name, depth + 1),
    });
  const valuesOf = (name: string, depth: number): string => {
    const lookup = policy.lookups.get(name)!;
    const of = tables[lookup.table]!;
    const value = `t${depth}.${quoted(lookup.column)}`;
    const only = lookup.where === undefined ? '' : ` AND (${where(lookup.where, of, depth)})`;
    return `SELECT ${value} FROM ${whole(of)} AS t${depth} WHERE ${value} IS NOT NULL${only}`;
  };
  const list = columns.map(
    ({ name, shown }) => `${maskSql(shown, `t0.${quoted(name)}`, typeIn(version, name)!)} AS ${quoted(name)}`,
  );
  const only = rows === undefined ? '' : ` WHERE ${where(rows, version, 0)}`;
  return { select: `SELECT ${list.join(', ')} FROM ${whole(version)} AS t0${only}`, reads };
}

const typeIn = (of: TableVersion, name: string): LakeType | undefined =>
  of.columns.find((column) => column.name === name)?.type;

/** Whether the published tables have the columns and types of which the policy speaks: yet, and still. */
function applies(policy: AccessPolicy, { version, columns, rows }: ViewParts, tables: TableSet): boolean {
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

/** Two tables have two names: the length tells `a.b_c` from `a_b.c`. */
const wholeName = (table: string): string => {
  const [database, name] = table.split('.') as [string, string];
  return `${WHOLE}.t${database.length}_${database}_${name}`;
};

function attributeOf({ attributes, role }: Session, name: string, type: LakeType): Literal {
  const literal = literalOfText(Object.hasOwn(attributes, name) ? attributes[name]! : '', type);
  const wanted = mismatch(literal, type);
  if (wanted === undefined) return literal;
  throw new InputError(`The attribute "${name}" of the role ${role} must be ${wanted}.`, {
    hint: `the rules of the role compare it with a column of type ${type}`,
  });
}
