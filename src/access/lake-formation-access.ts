import type { PrivacyClass } from '../campus/catalog-schema.ts';
import type { LakeType } from '../campus/lake-type.ts';
import { shownText } from '../campus/masks.ts';
import type { TableSet } from '../ports/tables.ts';
import { type Condition, type Literal, leavesOf, withoutNot } from './condition.ts';
import type { AccessPolicy, KnownTables, PolicyRole } from './policy.ts';
import { conditionSql, quoted } from './portable-sql.ts';
import { tableAccess, withClasses } from './table-access.ts';

/** A table as Lake Formation shows it to a role under a purpose. */
export interface FormationView {
  readonly role: string;
  readonly purpose: string;
  readonly table: string;
  readonly columns: readonly string[];
  /** In the part of PartiQL that data cells filters take. Absent: all rows. */
  readonly rows?: string;
}

/**
 * Databases of which a role sees every row, and columns by nothing but their class. LF-tags say so, of tables and columns
 * to come too.
 */
export interface FormationTags {
  readonly role: string;
  readonly purpose: string;
  readonly databases: readonly string[];
  readonly classes: readonly PrivacyClass[];
}

/** A table that a role has by the policy and does not see in Lake Formation. */
export interface FormationGap {
  readonly role: string;
  readonly purpose: string;
  readonly table: string;
  readonly why: string;
}

/** https://docs.aws.amazon.com/lake-formation/latest/dg/partiql-support.html: less than 2,048 characters. */
const LONGEST_FILTER = 2_047;

/** Types that a row filter compares; dates and times are none of them. Same source. */
const COMPARED = /^(varchar|integer|bigint|real|double|boolean|decimal\(\d+,\d+\))$/;

/**
 * Says a policy with what Lake Formation has: LF-tags where classes alone decide, else column lists, and row filters that
 * compare columns with constants. It has no attributes of sessions, no lookups and no masks; a table of which a rule needs one is not opened to that role.
 * @param tables what there is: a grant of a table that there is not cannot be made
 */
export function lakeFormationAccess(
  policy: AccessPolicy,
  known: KnownTables,
  tables: TableSet,
): {
  readonly tags: readonly FormationTags[];
  readonly views: readonly FormationView[];
  readonly gaps: readonly FormationGap[];
} {
  const tags: FormationTags[] = [];
  const views: FormationView[] = [];
  const gaps: FormationGap[] = [];
  for (const role of policy.roles.values())
    for (const purpose of role.purposes) {
      const tagged = tagsOf(policy, known, role, purpose, tables);
      if (tagged) tags.push({ role: role.name, purpose, ...tagged });
      for (const { table, columns } of Object.values(tables)) {
        if (tagged?.databases.includes(table.split('.')[0]!)) continue;
        const of = { role: role.name, purpose, table };
        const found = viewOf(policy, known, role, purpose, table, columns);
        if (typeof found === 'string') gaps.push({ ...of, why: found });
        else if (found) views.push({ ...of, ...found });
      }
    }
  return { tags, views, gaps };
}

/**
 * What of a role can be told by tags: of a database whose tables it has whole, without a line on a single table or
 * column, and where each column has a class. A mask is no right of Lake Formation, so a role with one has no tags.
 * @returns undefined where there is none
 */
function tagsOf(
  policy: AccessPolicy,
  known: KnownTables,
  role: PolicyRole,
  purpose: string,
  tables: TableSet,
): Pick<FormationTags, 'databases' | 'classes'> | undefined {
  const isBound = (name: string) =>
    policy.boundTo.has(name) && !policy.boundTo.get(name)!.purposes.includes(purpose);
  const shown = [...role.classes].filter(([, by]) => by.shown.kind !== 'hidden');
  if (role.aggregatesOnly || shown.some(([, by]) => by.shown.kind !== 'whole')) return undefined;
  const classes = shown.map(([name]) => name).filter((name) => !isBound(name));
  const databases = [...role.tables].flatMap(([name, { rows }]) => {
    const [database = '', table] = name.split('.');
    if (table !== '*' || rows !== undefined) return [];
    const isHere = (one: string) => one.startsWith(`${database}.`);
    const isNarrowed =
      [...role.tables].some(([one, by]) => isHere(one) && by.rows !== undefined) ||
      [...role.deny.keys(), ...role.columns.keys()].some(isHere) ||
      [...policy.boundTo.keys()].some((one) => isHere(one) && isBound(one));
    const isClassed = [...new Set([...known.keys(), ...Object.keys(tables)])].filter(isHere).every((one) => {
      const names = [
        ...(known.get(one)?.keys() ?? []),
        ...(tables[one]?.columns.map((column) => column.name) ?? []),
      ];
      return names.every((column) => known.get(one)?.get(column)?.privacy !== undefined);
    });
    return isNarrowed || !isClassed ? [] : [database];
  });
  return databases.length > 0 && classes.length > 0 ? { databases, classes } : undefined;
}

/** @returns why it cannot be shown; undefined where the role does not have the table */
function viewOf(
  policy: AccessPolicy,
  known: KnownTables,
  role: PolicyRole,
  purpose: string,
  table: string,
  columns: readonly { readonly name: string; readonly type: LakeType }[],
): Pick<FormationView, 'columns' | 'rows'> | string | undefined {
  const access = tableAccess(policy, role, purpose, table, withClasses(columns, known.get(table)));
  if (!access.rows) return undefined;
  const seen = access.columns.filter(({ shown }) => shown.kind !== 'hidden');
  const masked = seen.find(({ shown }) => shown.kind !== 'whole');
  if (masked) return `its column ${masked.name} is shown as "${shownText(masked.shown)}"`;
  const names = seen.map(({ name }) => name);
  const { condition } = access.rows;
  if (!condition) return { columns: names };
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const why = unsaid(condition, types);
  if (why !== undefined) return why;
  const rows = filterOf(condition, types);
  if (rows.length > LONGEST_FILTER)
    return `its row filter has ${rows.length} characters, and ${LONGEST_FILTER} are the most`;
  return { columns: names, rows };
}

function unsaid(condition: Condition, types: ReadonlyMap<string, LakeType>): string | undefined {
  for (const leaf of leavesOf(condition)) {
    if (leaf.kind === 'lookup') return `its rows depend on the lookup ${leaf.lookup}`;
    const type = types.get(leaf.column);
    if (type === undefined) return `it has no column ${leaf.column} yet, by which its rows are told`;
    if (!COMPARED.test(type))
      return `its rows depend on ${leaf.column}, and a row filter compares no ${type}`;
    const operands = leaf.kind === 'compare' ? [leaf.to] : leaf.kind === 'in' ? leaf.values : [];
    for (const operand of operands) {
      if (operand.kind === 'attribute') return `its rows depend on who asks (session.${operand.name})`;
      // How a quote is written within a text, the language of row filters does not say.
      if (operand.kind === 'text' && /['\\]/.test(operand.value))
        return `its rows depend on a text with a quote or a backslash`;
    }
  }
  return undefined;
}

const filterOf = (condition: Condition, types: ReadonlyMap<string, LakeType>): string =>
  conditionSql(withoutNot(condition), {
    column: quoted,
    typeOf: (name) => types.get(name)!,
    literal: constant,
    attribute: () => '',
    comparedWith: () => '',
  });

const constant = ({ kind, value }: Literal): string => (kind === 'text' ? `'${value}'` : String(value));
