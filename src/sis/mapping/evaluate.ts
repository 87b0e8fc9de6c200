import type { SisEncoding } from '../../campus/sis-encodings.ts';
import { MappingError, type MappingIssue } from '../errors.ts';
import type { SisColumn, SisTable } from '../inspect.ts';
import { type TravelType, travelType } from '../types.ts';
import { castOf } from './change-type.ts';
import { filterSql } from './filter-sql.ts';
import { Warnings } from './lint.ts';
import { type Located, RuleIndex } from './locate.ts';
import type { TableMappings } from './parse.ts';
import { renamed } from './rename.ts';
import type { ColumnRule, NamingRule, SelectionRule } from './rules.ts';

/** A table that is to be copied, and how it is called where it goes. */
export interface MappedTable {
  readonly source: SisTable;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly MappedColumn[];
  /** A condition in PostgreSQL's SQL; absent: every row. */
  readonly filter?: string;
  /** Higher starts earlier. */
  readonly loadOrder: number;
}

export interface MappedColumn {
  readonly source: string;
  readonly name: string;
  /** The type of PostgreSQL that leaves the server: the column's own, or what a rule changes it to. */
  readonly type: string;
  /** Whether it must be cast to `type` first. */
  readonly cast: boolean;
  /** The type that it has at the source. */
  readonly from: string;
  /** Its encoding, where the database does not know it (SQL_ASCII). Default: the database's own. */
  readonly encoding?: SisEncoding;
  readonly travel: TravelType;
}

export interface Evaluation {
  /** By falling load order, then in the order of the source tables. */
  readonly tables: readonly MappedTable[];
  /** What is allowed and yet looks like a mistake. */
  readonly warnings: readonly MappingIssue[];
}

/**
 * What the mappings make of the tables that a source has. Exclude beats include whatever their order; where several
 * transformations fit one object, the one with the lowest rule id is applied.
 * @throws MappingError when a rule asks for what these tables cannot give
 */
export function evaluateMappings(mappings: TableMappings, sources: readonly SisTable[]): Evaluation {
  const selections = new RuleIndex(mappings.selections, (rule) => rule['rule-action'] === 'explicit');
  const rules = {
    schemas: new RuleIndex(mappings.schemas),
    tables: new RuleIndex(mappings.tables),
    columns: new RuleIndex(mappings.columns),
  };
  const warnings = new Warnings(mappings);
  const issues: MappingIssue[] = [];
  const tables: MappedTable[] = [];
  for (const source of sources) {
    const selected = select(source, selections, warnings, issues);
    // A table without columns has nothing to be copied.
    if (!selected || source.columns.length === 0) continue;
    const schema = renamedBy(source.schema, rules.schemas.of(source.schema, source.name), warnings);
    const name = renamedBy(source.name, rules.tables.of(source.schema, source.name), warnings);
    const columns = mapColumns(source, rules.columns.of(source.schema, source.name), warnings, issues);
    tables.push({ source, schema, name, columns, ...selected });
  }
  issues.push(...sharedTargets(tables));
  if (issues.length > 0) throw new MappingError(issues);
  tables.sort((a, b) => b.loadOrder - a.loadOrder);
  return { tables, warnings: warnings.all() };
}

function select(
  source: SisTable,
  index: RuleIndex<SelectionRule>,
  warnings: Warnings,
  issues: MappingIssue[],
): { filter?: string; loadOrder: number } | undefined {
  const rules = index
    .of(source.schema, source.name)
    .map((located) => located.rule)
    .filter(({ 'object-locator': { 'table-type': type } }) => type === 'all' || type === source.kind);
  for (const rule of rules) warnings.used(rule, source);
  const exclude = rules.find((rule) => rule['rule-action'] === 'exclude');
  const including = rules.filter((rule) => rule['rule-action'] !== 'exclude');
  if (exclude || including.length === 0) {
    if (exclude) warnings.excluded(source, exclude, including);
    return undefined;
  }
  const filtering = including.filter((rule) => rule.filters.length > 0);
  for (const rule of filtering) issues.push(...missingColumns(rule, source));
  if (filtering.length > 1) {
    const others = filtering.map((rule) => rule['rule-id']).join(' and ');
    const text = `rules ${others} both filter ${source.schema}.${source.name}; put the filters into one rule`;
    issues.push({ rule: String(filtering[0]!['rule-id']), text });
  }
  const loadOrder = Math.max(0, ...including.map((rule) => rule['load-order'] ?? 0));
  return filtering[0] ? { filter: filterSql(filtering[0].filters), loadOrder } : { loadOrder };
}

function missingColumns(rule: SelectionRule, source: SisTable): MappingIssue[] {
  return rule.filters
    .map((filter) => filter['column-name'])
    .filter((name) => !source.columns.some((column) => column.name === name))
    .map((name) => ({
      rule: String(rule['rule-id']),
      text: `filters by column "${name}", which ${source.schema}.${source.name} does not have`,
    }));
}

function renamedBy<R extends NamingRule>(
  name: string,
  rules: readonly Located<R>[],
  warnings: Warnings,
): string {
  const [first, ...others] = rules;
  if (!first) return name;
  warnings.overlap(name, first.rule, others);
  return renamed(name, first.rule);
}

function mapColumns(
  source: SisTable,
  rules: readonly Located<ColumnRule>[],
  warnings: Warnings,
  issues: MappingIssue[],
): MappedColumn[] {
  const including = rules.filter(({ rule }) => rule['rule-action'] === 'include-column');
  const acting = rules.filter(({ rule }) => rule['rule-action'] !== 'include-column');
  const columns = source.columns
    .filter(
      (column) => including.length === 0 || including.some((entry) => entry.column.matches(column.name)),
    )
    .flatMap((column) => mapColumn(column, acting, warnings));
  const where = `${source.schema}.${source.name}`;
  const rule = String(rules[0]?.rule['rule-id'] ?? '#1');
  if (columns.length === 0) issues.push({ rule, text: `leaves ${where} without any column` });
  for (const name of repeated(columns.map((column) => column.name))) {
    issues.push({ rule, text: `gives two columns of ${where} the name "${name}"` });
  }
  return columns;
}

function mapColumn(
  column: SisColumn,
  rules: readonly Located<ColumnRule>[],
  warnings: Warnings,
): MappedColumn[] {
  const [first, ...others] = rules.filter((entry) => entry.column.matches(column.name));
  const rule = first?.rule;
  if (rule) {
    warnings.overlap(column.name, rule, others);
    warnings.strangeColumn(column.name, rule);
  }
  if (rule?.['rule-action'] === 'remove-column') return [];
  const cast = rule?.['rule-action'] === 'change-data-type';
  const type = cast ? castOf(rule['data-type']) : column.type;
  const name = rule ? renamed(column.name, rule) : column.name;
  return [{ source: column.name, name, type, cast, from: column.type, travel: travelType(type) }];
}

function sharedTargets(tables: readonly MappedTable[]): MappingIssue[] {
  const targets = tables.map((table) => `${table.schema}.${table.name}`);
  return repeated(targets).map((target) => {
    const from = tables
      .filter((table) => `${table.schema}.${table.name}` === target)
      .map((table) => `${table.source.schema}.${table.source.name}`);
    return { rule: '#1', text: `${from.join(' and ')} have one target, ${target}` };
  });
}

function repeated(names: readonly string[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const name of names) (seen.has(name) ? twice : seen).add(name);
  return [...twice];
}
