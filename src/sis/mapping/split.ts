import type { Json } from '../../json.ts';
import { MappingError } from '../errors.ts';
import { grouped, type PlacedRule as Placed, type Rule } from './group.ts';

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
export const DMS_BYTES = 2 * 1024 * 1024;

/**
 * Table mappings for several tasks that together do what the given ones do: every selected table is in exactly one
 * part, with all rules that speak of it. Mappings that select by wildcards stay whole, since only the source knows
 * which tables they mean, and two tasks must not copy one table.
 * @throws MappingError for mappings that are wrong, or too long to be split
 */
export function splitMappings(mappings: Json, { tables, bytes = DMS_BYTES }: MappingLimits): Json[] {
  const { rules, byTable, shared } = grouped(mappings);
  if (!byTable) return [whole(rules, bytes)];
  return packed([...byTable.values()], shared, tables, bytes).map(asMappings);
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

/** Of `{"rules":[` and `]}`, less the comma that the last rule has not. */
export const SHELL_BYTES = 11;

export const lengthOf = (rules: readonly Placed[]): number =>
  rules.reduce((sum, { bytes }) => sum + bytes, 0);

export const asMappings = (rules: readonly Placed[]): Json => ({
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
