import { z } from 'zod';
import { MappingError, type MappingIssue } from '../errors.ts';
import { compilePattern, isExact } from './pattern.ts';
import {
  REFUSED_ACTIONS,
  REFUSED_PARALLEL_LOADS,
  REFUSED_RULE_TYPES,
  REFUSED_SETTINGS,
  REFUSED_TARGETS,
} from './refused.ts';
import {
  type ColumnRule,
  columnRule,
  type SchemaRule,
  type SelectionRule,
  schemaRule,
  selectionRule,
  type TableRule,
  type TableSettingsRule,
  tableRule,
  tableSettingsRule,
} from './rules.ts';

/** Valid table mappings, their rules apart by kind and each kind by rising rule id. */
export interface TableMappings {
  readonly selections: readonly SelectionRule[];
  readonly schemas: readonly SchemaRule[];
  readonly tables: readonly TableRule[];
  readonly columns: readonly ColumnRule[];
  readonly settings: readonly TableSettingsRule[];
}

type AnyRule = SelectionRule | SchemaRule | TableRule | ColumnRule | TableSettingsRule;
type Loose = { [key: string]: unknown };

/**
 * Reads table mappings in DMS's language.
 * @param about the file or source that they come from, for the message
 * @throws MappingError with every problem, each with its rule and what was expected
 */
export function parseMappings(json: unknown, about?: string): TableMappings {
  const shell = z.strictObject({ rules: z.array(z.looseObject({})).min(1) }).safeParse(json);
  if (!shell.success) {
    const text = 'expected an object {"rules": [ … ]} with at least one rule';
    throw new MappingError([{ rule: '#1', text }], about);
  }
  const issues: MappingIssue[] = [];
  const mappings = {
    selections: [] as SelectionRule[],
    schemas: [] as SchemaRule[],
    tables: [] as TableRule[],
    columns: [] as ColumnRule[],
    settings: [] as TableSettingsRule[],
  };
  const all: AnyRule[] = [];
  shell.data.rules.forEach((raw, index) => {
    const rule = labelOf(raw, index);
    const say = (text: string) => void issues.push({ rule, text });
    const kind = kindOf(raw, say);
    if (!kind) return;
    const parsed = kind.schema.safeParse(raw);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) say(inWords(issue));
      return;
    }
    checkNames(parsed.data, say);
    all.push(parsed.data);
    (mappings[kind.list] as AnyRule[]).push(parsed.data);
  });
  issues.push(...repeatedIds(all));
  if (issues.length === 0 && !mappings.selections.some((rule) => rule['rule-action'] !== 'exclude')) {
    issues.push({
      rule: '#1',
      text: 'no rule selects a table: expected one with rule-action include or explicit',
    });
  }
  if (issues.length > 0) throw new MappingError(issues, about);
  for (const list of Object.values(mappings)) list.sort((a, b) => a['rule-id'] - b['rule-id']);
  return mappings;
}

interface Kind {
  readonly list: 'selections' | 'schemas' | 'tables' | 'columns' | 'settings';
  readonly schema: z.ZodType<AnyRule>;
}

const TARGETS: Readonly<Record<string, Kind>> = {
  schema: { list: 'schemas', schema: schemaRule },
  table: { list: 'tables', schema: tableRule },
  column: { list: 'columns', schema: columnRule },
};

/** Which kind of rule it claims to be; says why when it is one that is refused. */
function kindOf(raw: Loose, say: (text: string) => void): Kind | undefined {
  const type = String(raw['rule-type']);
  if (type === 'selection') return { list: 'selections', schema: selectionRule };
  if (type === 'table-settings') return settingsKind(raw, say);
  if (type !== 'transformation') {
    const why = REFUSED_RULE_TYPES[type];
    say(
      why
        ? `rule-type "${type}" is not supported: ${why}`
        : `rule-type "${type}" is unknown; expected selection, transformation or table-settings`,
    );
    return undefined;
  }
  const action = String(raw['rule-action']);
  const target = String(raw['rule-target']);
  const why = REFUSED_ACTIONS[action];
  const whyTarget = REFUSED_TARGETS[target];
  if (why) say(`rule-action "${action}" is not supported: ${why}`);
  else if (whyTarget) say(`rule-target "${target}" is not supported: ${whyTarget}`);
  else if (!TARGETS[target]) say(`rule-target "${target}" is unknown; expected schema, table or column`);
  else return TARGETS[target];
  return undefined;
}

function settingsKind(raw: Loose, say: (text: string) => void): Kind | undefined {
  const refused = Object.keys(REFUSED_SETTINGS).filter((name) => name in raw);
  for (const name of refused) say(`${name} is not supported: ${REFUSED_SETTINGS[name]}`);
  const parallel = raw['parallel-load'] as Loose | undefined;
  const why = REFUSED_PARALLEL_LOADS[String(parallel?.type)];
  if (why) say(`parallel-load type "${parallel?.type}" is not supported: ${why}`);
  return refused.length > 0 || why ? undefined : { list: 'settings', schema: tableSettingsRule };
}

function checkNames(rule: AnyRule, say: (text: string) => void): void {
  const locator = rule['object-locator'] as Record<string, string>;
  const { 'rule-type': type } = rule;
  const explicit = type === 'selection' && rule['rule-action'] === 'explicit';
  if (!explicit) {
    for (const [key, pattern] of Object.entries(locator)) {
      try {
        compilePattern(pattern);
      } catch (error) {
        say(`${key}: ${(error as Error).message}`);
      }
    }
  }
  const exact = isExact(locator['schema-name'] ?? '') && isExact(locator['table-name'] ?? '');
  if (type === 'table-settings' && !exact)
    say('table-settings want the exact names of one table, without wildcards');
  if (type !== 'selection' || rule.filters.length === 0) return;
  if (rule['rule-action'] === 'exclude') say('filters belong to a rule that includes');
  if (!explicit && !exact) say('filters want the exact names of one table, without wildcards');
}

/** An id, or the place of a rule that has none. */
function labelOf(raw: Loose, index: number): string {
  const id = raw['rule-id'];
  return typeof id === 'string' || typeof id === 'number' ? String(id) : `#${index + 1}`;
}

function repeatedIds(rules: readonly AnyRule[]): MappingIssue[] {
  const seen = { 'rule-id': new Set<unknown>(), 'rule-name': new Set<unknown>() };
  return rules.flatMap((rule) =>
    (['rule-id', 'rule-name'] as const).flatMap((key) => {
      if (!seen[key].has(rule[key])) {
        seen[key].add(rule[key]);
        return [];
      }
      return [
        { rule: String(rule['rule-id']), text: `${key} "${rule[key]}" is used twice; it must be unique` },
      ];
    }),
  );
}

/** One complaint of the schema as `object-locator.table-name: expected …`. */
function inWords(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  const where = path === '' ? '' : `${path}: `;
  if (issue.code === 'invalid_union' && issue.discriminator) {
    return `${where}no such ${issue.discriminator} here`;
  }
  if (issue.code === 'unrecognized_keys') return `${where}unknown key ${issue.keys.join(', ')}`;
  return where + issue.message.replace(/^Invalid (input|option): /, '');
}
