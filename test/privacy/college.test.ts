import { describe, expect, it } from 'vitest';
import { proposePrivacy } from '../../src/privacy/propose.ts';
import type { SystemHistory, TableShape } from '../../src/simulators/college/college.ts';
import { generateCollege } from '../../src/simulators/college/generate.ts';
import { canaryOf } from '../../src/simulators/college/sis/canaries.ts';
import { travelType } from '../../src/sis/types.ts';

const SEED = 5;
const college = generateCollege({ students: 30, seed: SEED, days: 60 });
const people = Array.from({ length: 2000 }, (_, n) => canaryOf(SEED, n));
const CANARIES = new Set(people.flatMap((c) => [c.ssn, c.phone, c.bankRouting, c.bankAccount]));
const names = rowsOf(college.sis, 'persons').flatMap((r) => [r.family_name, r.given_name]);
const NAMES = new Set(names.filter((n) => typeof n === 'string' && n.length > 3));

function* changesOf(system: SystemHistory, table: TableShape) {
  yield* system.changes(table, college.opens - 1, college.closes);
}

function rowsOf(system: SystemHistory, name: string) {
  const table = system.tables.find((t) => t.name === name)!;
  return [...changesOf(system, table)].map((c) => c.row);
}

/** Columns in which a value that belongs to a person is found, by looking at the data and not at the names. */
function tellingColumns(system: SystemHistory, table: TableShape): Set<string> {
  const found = new Set<string>();
  let rows = 0;
  for (const { op, row } of changesOf(system, table)) {
    if (op === 'D') continue;
    for (const [column, value] of Object.entries(row)) {
      const text = typeof value === 'string' ? value : (JSON.stringify(value, big) ?? '');
      const words = text.split(/[\s,"]+/);
      if (CANARIES.has(text) || /@\w+\.example/.test(text) || words.some((w) => CANARIES.has(w)))
        found.add(column);
      else if (words.length <= 4 && words.some((w) => NAMES.has(w))) found.add(column);
      else if (people.slice(0, 60).some((c) => text.includes(c.phone))) found.add(column);
    }
    rows += 1;
    if (rows === 300) break;
  }
  return found;
}

const big = (_: string, v: unknown) => (typeof v === 'bigint' ? String(v) : v);

describe.each([
  ['canvas', college.canvas],
  ['postgres', college.sis],
] as const)("the simulated college's %s", (source, system) => {
  const judged = system.tables.flatMap((table) => {
    const telling = tellingColumns(system, table);
    const siblings = table.columns.map((c) => c.name);
    return table.columns.map((column) => ({
      id: `${table.name}.${column.name}`,
      telling: telling.has(column.name),
      privacy: proposePrivacy({
        name: column.name,
        type: travelType(column.type).lake,
        table: table.name,
        source,
        siblings,
      }).privacy,
    }));
  });

  it('has columns that tell of people', () => {
    expect(judged.filter((c) => c.telling).length).toBeGreaterThanOrEqual(4);
  });

  it('has none of them proposed as saying nothing', () => {
    expect(judged.filter((c) => c.telling && c.privacy === 'none').map((c) => c.id)).toEqual([]);
  });

  it('has no telling column that would be kept although it must stay outside', () => {
    const outside = /ssn|routing|account_no|religion|race|visa|_ip$|body$|comment$|message$|user_agent/;
    const kept = judged.filter(
      (c) => outside.test(c.id) && ['none', 'quasi', 'education', 'direct'].includes(c.privacy),
    );
    expect(kept.map((c) => c.id)).toEqual([]);
  });
});
