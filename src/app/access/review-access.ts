import { lookupsOf } from '../../access/condition.ts';
import type { KnownColumn } from '../../access/policy.ts';
import type { OpenPolicy } from '../../pipeline/open-policy.ts';
import { type ExplainedTable, explainAll } from './explain-access.ts';

/** Something in a policy without mistakes that a steward should look at. */
export interface AccessWarning {
  readonly kind: 'repeats' | 'tells' | 'joins' | 'no-class' | 'unused-table' | 'unused-lookup';
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
  const warnings = [
    ...repeated(all, known),
    ...told(all, known),
    ...unjoinable(all, known),
    ...withoutClass(all, known),
    ...unused(open, all),
  ];
  return {
    answers: all.reduce((sum, { columns }) => sum + columns.length, 0),
    roles: policy.roles.size,
    tables: known.size,
    warnings,
  };
}

/**
 * Columns that one table hides or masks and another shows whole to the same role: of one name and class, or, of those
 * that are masked, with numbers of the same people under whatever name.
 */
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
          for (const key of keysOf(known, table, name)) shownAt.set(key, `${table}.${name}`);
    for (const { table, role, columns } of seen)
      for (const { name, shown } of columns) {
        const keys = keysOf(known, table, name).slice(0, shown === 'hidden' ? 1 : undefined);
        const other = keys.map((key) => shownAt.get(key)).find((found) => found !== undefined);
        if (shown === 'whole' || other === undefined || other === `${table}.${name}`) continue;
        warnings.set(`${role} ${table}.${name}`, {
          kind: 'repeats',
          role,
          about: `${table}.${name}`,
          text: `the role ${role} sees it as "${shown}", and whole as ${other}`,
        });
      }
  }
  return [...warnings.values()];
}

const isTelling = (column: KnownColumn | undefined): boolean =>
  column?.privacy !== undefined && TELLING.has(column.privacy);

/** What a column has in common with one that repeats it: name and class, and whose numbers it holds. */
function keysOf(known: OpenPolicy['known'], table: string, name: string): string[] {
  const { privacy, numberOf } = known.get(table)?.get(name) ?? {};
  return [`${name} ${privacy}`, ...(numberOf === undefined ? [] : [numberOf])];
}

/** By words of names: what a masked column says that another column of the same row may say as well. */
const SAYS_TOO: readonly (readonly [masked: RegExp, other: RegExp, what: string])[] = [
  [/birth|^dob$|^born/, /^age$|_age$|^age_|birth|^dob$|^born/, 'when somebody was born'],
  [
    /post_?code|postal|^zip|_zip/,
    /post_?code|postal|^zip|_zip|^city$|latitude|longitude|street|address/,
    'where somebody lives',
  ],
  [/name/, /name$|email|login/, "somebody's name"],
  [/email/, /email|login/, 'an address or a login'],
];

/** Columns through which a role may learn what a mask in the same table hides. */
function told(all: readonly ExplainedTable[], known: OpenPolicy['known']): AccessWarning[] {
  const warnings = new Map<string, AccessWarning>();
  for (const { table, role, rows, columns } of all) {
    if (rows === undefined) continue;
    const telling = columns.filter(({ name }) => isTelling(known.get(table)?.get(name)));
    for (const { name, shown } of telling.filter(
      (one) => !['whole', 'hidden', 'empty'].includes(one.shown),
    )) {
      const rule = SAYS_TOO.find(([masked]) => masked.test(name));
      const other = rule && telling.find((one) => one.shown === 'whole' && rule[1].test(one.name));
      if (!rule || !other) continue;
      warnings.set(`${role} ${table}.${name}`, {
        kind: 'tells',
        role,
        about: `${table}.${name}`,
        text: `the role ${role} sees it as "${shown}", and ${other.name} whole, which may say ${rule[2]} as well`,
      });
    }
  }
  return [...warnings.values()];
}

/** Numbers of the same people that a role sees in two ways, so that tables cannot be joined by them. */
function unjoinable(all: readonly ExplainedTable[], known: OpenPolicy['known']): AccessWarning[] {
  const warnings = new Map<string, AccessWarning>();
  const first = new Map<string, { readonly column: string; readonly shown: string }>();
  for (const { table, role, purpose, rows, columns } of all) {
    if (rows === undefined) continue;
    for (const { name, shown } of columns) {
      const { privacy, numberOf } = known.get(table)?.get(name) ?? {};
      const isNumber = numberOf !== undefined || shown.startsWith('pseudonym ');
      if (!isNumber || shown === 'hidden' || shown === 'empty') continue;
      const key = `${role} ${purpose} ${numberOf ?? `${name} ${privacy}`}`;
      const other = first.get(key);
      if (other === undefined) first.set(key, { column: `${table}.${name}`, shown });
      else if (other.shown !== shown && other.shown !== 'whole' && shown !== 'whole')
        warnings.set(`${role} ${table}.${name}`, {
          kind: 'joins',
          role,
          about: `${table}.${name}`,
          text: `the role ${role} sees it as "${shown}" and ${other.column} as "${other.shown}": tables cannot be joined by them`,
        });
    }
  }
  return [...warnings.values()];
}

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
