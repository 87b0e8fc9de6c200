import type { Json } from '../../json.ts';
import { parseMappings } from './parse.ts';
import { compilePattern } from './pattern.ts';

export type Rule = { readonly [key: string]: Json };

/** A rule, where it stands among the others, and its length. */
export interface PlacedRule {
  readonly rule: Rule;
  readonly at: number;
  readonly bytes: number;
}

/** Rules by the one table that they speak of, as the text of `[schema, table]`. */
export interface GroupedRules {
  readonly rules: readonly PlacedRule[];
  /** Undefined where a rule selects by wildcards: only the source knows which tables it means. */
  readonly byTable?: ReadonlyMap<string, PlacedRule[]>;
  /** Those about more than one table. */
  readonly shared: PlacedRule[];
}

/** @throws MappingError for mappings that are wrong */
export function grouped(mappings: Json): GroupedRules {
  parseMappings(mappings);
  const rules = (mappings as { rules: Rule[] }).rules.map(
    (rule, at): PlacedRule => ({ rule, at, bytes: Buffer.byteLength(JSON.stringify(rule)) + 1 }),
  );
  const byTable = new Map<string, PlacedRule[]>();
  for (const { rule } of rules) {
    if (rule['rule-type'] !== 'selection' || rule['rule-action'] === 'exclude') continue;
    const table = tableOf(rule);
    if (table === undefined) return { rules, shared: rules };
    byTable.set(table, []);
  }
  const shared: PlacedRule[] = [];
  for (const placed of rules) {
    const table = tableOf(placed.rule);
    // A rule about one table that nothing selects does nothing.
    if (table === undefined) shared.push(placed);
    else byTable.get(table)?.push(placed);
  }
  return { rules, byTable, shared };
}

/** Rules as they act: what they are called does not matter. */
export function actionsOf(rules: readonly PlacedRule[]): string {
  const acting = rules.map(({ rule: { 'rule-id': _id, 'rule-name': _name, ...rule } }) => rule);
  return JSON.stringify(acting);
}

/** The one table that a rule speaks of; undefined for a rule about more. */
function tableOf(rule: Rule): string | undefined {
  const locator = rule['object-locator'] as { 'schema-name': string; 'table-name'?: string };
  const { 'schema-name': schema, 'table-name': table } = locator;
  if (table === undefined) return undefined;
  const read = (name: string) => (rule['rule-action'] === 'explicit' ? name : compilePattern(name).literal);
  const names = [read(schema), read(table)];
  return names.includes(undefined) ? undefined : JSON.stringify(names);
}
