import { lookupsOf } from '../../access/condition.ts';
import type { KnownColumn } from '../../access/policy.ts';
import type { OpenPolicy } from '../../pipeline/open-policy.ts';
import { type ExplainedTable, explainAll } from './explain-access.ts';

/** Something in a policy without mistakes that a steward should look at. */
export interface AccessWarning {
  readonly kind: 'repeats' | 'no-class' | 'unused-table' | 'unused-lookup';
  readonly role?: string;
  readonly about: string;
  readonly text: string;
}

export interface ReviewedAccess {
  /** Answers that the policy gives: for each role and purpose, one of each column of each table. */
  readonly answers: number;
  readonly roles: number;
  readonly tables: number;
  readonly warnings: readonly AccessWarning[];
}

/** Classes of columns of which a second copy gives away what is hidden in the first. */
const TELLING = new Set(['direct', 'quasi', 'special', 'aid', 'secret']);

/** Looks a policy through for what it may not mean. */
export function reviewAccess(open: OpenPolicy): ReviewedAccess {
  const { policy, known } = open;
  const all = explainAll(open);
  const warnings = [...repeated(all, known), ...withoutClass(all, known), ...unused(open, all)];
  return {
    answers: all.reduce((sum, { columns }) => sum + columns.length, 0),
    roles: policy.roles.size,
    tables: known.size,
    warnings,
  };
}

/** Columns that one table hides or masks and another shows whole to the same role, by their name and class. */
function repeated(all: readonly ExplainedTable[], known: OpenPolicy['known']): AccessWarning[] {
  const warnings = new Map<string, AccessWarning>();
  const sessions = new Set(all.map(({ role, purpose }) => `${role} ${purpose}`));
  for (const session of sessions) {
    const tables = all.filter(({ role, purpose }) => `${role} ${purpose}` === session);
    const seen = tables.filter(({ rows }) => rows !== undefined);
    const shownAt = new Map<string, string>();
    for (const { table, columns } of seen)
      for (const { name, shown } of columns)
        if (shown === 'whole' && isTelling(known.get(table)?.get(name)))
          shownAt.set(keyOf(known, table, name), table);
    for (const { table, role, columns } of seen)
      for (const { name, shown } of columns) {
        const other = shownAt.get(keyOf(known, table, name));
        if (shown === 'whole' || other === undefined || other === table) continue;
        warnings.set(`${role} ${table}.${name}`, {
          kind: 'repeats',
          role,
          about: `${table}.${name}`,
          text: `the role ${role} sees it as "${shown}", and whole as ${other}.${name}`,
        });
      }
  }
  return [...warnings.values()];
}

const isTelling = (column: KnownColumn | undefined): boolean =>
  column?.privacy !== undefined && TELLING.has(column.privacy);

const keyOf = (known: OpenPolicy['known'], table: string, name: string): string =>
  `${name} ${known.get(table)?.get(name)?.privacy}`;

/** Columns without a class in tables that some role sees: they are hidden unless a line names them. */
function withoutClass(all: readonly ExplainedTable[], known: OpenPolicy['known']): AccessWarning[] {
  const seen = new Set(all.filter(({ rows }) => rows !== undefined).map(({ table }) => table));
  return [...seen].sort().flatMap((table) => {
    const columns = [...known.get(table)!]
      .filter(([, { privacy }]) => privacy === undefined)
      .map(([name]) => name);
    if (columns.length === 0) return [];
    return [
      {
        kind: 'no-class' as const,
        about: table,
        text: `no privacy class, so hidden unless a line under columns: names them: ${columns.join(', ')}`,
      },
    ];
  });
}

function unused({ policy, known }: OpenPolicy, all: readonly ExplainedTable[]): AccessWarning[] {
  const seen = new Set(all.filter(({ rows }) => rows !== undefined).map(({ table }) => table));
  const unseen = [...known.keys()].filter((table) => !seen.has(table) && !table.startsWith('ops.')).sort();
  const databases = [...new Set(unseen.map((table) => table.split('.')[0]!))];
  const conditions = [
    ...[...policy.roles.values()].flatMap((role) => [...role.tables.values()].map(({ rows }) => rows)),
    ...[...policy.lookups.values()].map(({ where }) => where),
  ];
  const asked = new Set(conditions.flatMap((condition) => (condition ? lookupsOf(condition) : [])));
  return [
    ...databases.map((database) => ({
      kind: 'unused-table' as const,
      about: database,
      text: `tables that no role sees: ${unseen.filter((table) => table.startsWith(`${database}.`)).join(', ')}`,
    })),
    ...[...policy.lookups]
      .filter(([name]) => !asked.has(name))
      .map(([name, { line }]) => ({
        kind: 'unused-lookup' as const,
        about: name,
        text: `no condition asks this lookup (${line})`,
      })),
  ];
}
