import type { Json } from '../../json.ts';
import { MappingError } from '../errors.ts';
import { parseMappings } from './parse.ts';
import { compilePattern } from './pattern.ts';

export interface MappingLimits {
  /** Tables of one task at most. */
  readonly tables: number;
  /** Bytes of one task's mappings at most. Default: the 2 MB of DMS. */
  readonly bytes?: number;
}

/**
 * AWS DMS User Guide, "Specifying table selection and transformations rules using JSON":
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TableMapping.SelectionTransformation.html
 */
const DMS_BYTES = 2 * 1024 * 1024;

type Rule = { readonly [key: string]: Json };
/** A rule, where it stands among the others, and its length. */
interface Placed {
  readonly rule: Rule;
  readonly at: number;
  readonly bytes: number;
}

/**
 * Table mappings for several tasks that together do what the given ones do: every selected table is in exactly one
 * part, with all rules that speak of it. Mappings that select by wildcards stay whole, since only the source knows
 * which tables they mean, and two tasks must not copy one table.
 * @throws MappingError for mappings that are wrong, or too long to be split
 */
export function splitMappings(mappings: Json, { tables, bytes = DMS_BYTES }: MappingLimits): Json[] {
  parseMappings(mappings);
  const rules = (mappings as { rules: Rule[] }).rules.map(
    (rule, at): Placed => ({ rule, at, bytes: Buffer.byteLength(JSON.stringify(rule)) + 1 }),
  );
  const selected = new Map<string, Placed[]>();
  for (const placed of rules) {
    const { rule } = placed;
    if (rule['rule-type'] !== 'selection' || rule['rule-action'] === 'exclude') continue;
    const table = tableOf(rule);
    if (table === undefined) return [whole(rules, bytes)];
    selected.set(table, []);
  }
  const shared: Placed[] = [];
  for (const placed of rules) {
    const table = tableOf(placed.rule);
    // A rule about one table that nothing selects does nothing.
    if (table === undefined) shared.push(placed);
    else selected.get(table)?.push(placed);
  }
  return packed([...selected.values()], shared, tables, bytes).map(asMappings);
}

/** Groups of rules, each of one table, in as few parts as the limits allow and of about one size. */
function packed(
  groups: readonly Placed[][],
  shared: readonly Placed[],
  tables: number,
  bytes: number,
): Placed[][] {
  const evenly = Math.ceil(groups.length / Math.ceil(groups.length / tables));
  const fixed = SHELL_BYTES + lengthOf(shared);
  const parts: Placed[][] = [];
  let count = evenly;
  let length = 0;
  for (const group of groups) {
    const more = lengthOf(group);
    if (fixed + more > bytes) throw tooLong(fixed + more, bytes, group[0]!.rule);
    if (count >= evenly || length + more > bytes) {
      parts.push([...shared]);
      count = 0;
      length = fixed;
    }
    parts.at(-1)!.push(...group);
    count += 1;
    length += more;
  }
  return parts;
}

/** The one table that a rule speaks of, as `schema.table`; undefined for a rule about more. */
function tableOf(rule: Rule): string | undefined {
  const locator = rule['object-locator'] as { 'schema-name': string; 'table-name'?: string };
  const { 'schema-name': schema, 'table-name': table } = locator;
  if (table === undefined) return undefined;
  const read = (name: string) => (rule['rule-action'] === 'explicit' ? name : compilePattern(name).literal);
  const names = [read(schema), read(table)];
  return names.includes(undefined) ? undefined : JSON.stringify(names);
}

/** Of `{"rules":[` and `]}`, less the comma that the last rule has not. */
const SHELL_BYTES = 11;

const lengthOf = (rules: readonly Placed[]): number => rules.reduce((sum, { bytes }) => sum + bytes, 0);

const asMappings = (rules: readonly Placed[]): Json => ({
  rules: [...rules].sort((a, b) => a.at - b.at).map(({ rule }) => rule),
});

function whole(rules: readonly Placed[], bytes: number): Json {
  const length = SHELL_BYTES + lengthOf(rules);
  if (length > bytes) throw tooLong(length, bytes, rules[0]!.rule);
  return asMappings(rules);
}

function tooLong(length: number, bytes: number, rule: Rule): MappingError {
  const text = `the mappings of one task take ${length} bytes with it, and DMS takes ${bytes}; name the tables one by one, so that they can be split into tasks, or use fewer rules with wildcards`;
  return new MappingError([{ rule: String(rule['rule-id']), text }]);
}
