import type { LakeType } from '../campus/lake-type.ts';
import { InputError } from '../errors.ts';
import type { TableView } from '../ports/access.ts';
import type { Session } from '../ports/session.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import type { Literal } from './condition.ts';
import { literalOfText, mismatch } from './operand-type.ts';
import type { AccessPolicy } from './policy.ts';
import { literalSql, maskSql } from './portable-sql.ts';
import { type VisibleParts, visibleSelect } from './visible-select.ts';

/** The database of whole tables in the SQL of views. No source and no model can have it, so no statement names it. */
export const WHOLE = 'unrestricted';

/**
 * A table as a session sees it, in Athena's SQL.
 * @param tables the tables of the same publication: lookups are made of them
 * @returns undefined where the policy cannot be applied to the tables as they are: then nothing is seen
 * @throws InputError where an attribute of the session is not what a column can be compared with
 */
export function tableView(
  policy: AccessPolicy,
  session: Session,
  parts: VisibleParts,
  tables: TableSet,
): TableView | undefined {
  const reads: Record<string, TableVersion> = {};
  const select = visibleSelect(policy, parts, tables, {
    whole(of) {
      const name = wholeName(of.table);
      reads[name] = of;
      return name;
    },
    literal: literalSql,
    attribute: (name, type) => literalSql(attributeOf(session, name, type), type),
    mask: maskSql,
  });
  if (select === undefined) return undefined;
  const masked = parts.columns.filter(({ shown }) => shown.kind !== 'whole').map(({ name }) => name);
  return { select, reads, masked };
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
