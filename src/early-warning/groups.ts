import type { TableSet } from '../platform/ports/tables.ts';
import type { Lake } from '../step.ts';
import type { Capacity, Judged } from './figures.ts';
import { hiddenTogether, type Part, partOf } from './hidden-together.ts';
import { reached } from './listed.ts';
import { wilson } from './metrics/wilson.ts';
import { inHundredths, totalsGiveAway } from './totals.ts';

/** Where a fact about students lies that is looked at only to audit the model. */
interface AuditedColumn {
  readonly name: string;
  readonly table: string;
  readonly key: 'student_id' | 'person_id';
  readonly column: string;
}

const persons = { table: 'sis.registrar_persons', key: 'person_id' } as const;
const students = { table: 'sis.registrar_students', key: 'student_id' } as const;
const declarations = { table: 'sis.registrar_declarations', key: 'student_id' } as const;

/** Those that the lake does not hold (the steward leaves them behind) are not audited. */
const AUDITED: readonly AuditedColumn[] = [
  { name: 'gender', ...persons, column: 'gender' },
  { name: 'race', ...persons, column: 'race' },
  { name: 'hispanic', ...persons, column: 'hispanic' },
  { name: 'disability', ...students, column: 'disability_code' },
  { name: 'first generation', ...students, column: 'first_generation' },
  { name: 'veteran', ...students, column: 'veteran' },
  { name: 'age', ...declarations, column: 'age_band' },
  { name: 'deprivation', ...declarations, column: 'imd_band' },
];

/** Of each attribute, which value each student has. */
export type Groups = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads the attributes that the published tables hold. */
export async function readGroups(lake: Lake, tables: TableSet): Promise<Groups> {
  const groups = new Map<string, Map<string, string>>();
  for (const { name, table, key, column } of AUDITED) {
    if (!tables[table]?.columns.some((own) => own.name === column)) continue;
    const select = `
      SELECT ${key}, max(CAST(${column} AS varchar)) FROM ${table} WHERE ${column} IS NOT NULL GROUP BY ${key}`;
    const values = new Map<string, string>();
    const result = await lake.platform.engine.query(select, tables);
    for await (const batch of result.batches()) {
      for (const [student, value] of batch) values.set(String(student), String(value));
    }
    if (values.size > 0) groups.set(name, values);
  }
  return groups;
}

/** How one group fares on a list of the same length for all. */
export interface GroupRow {
  readonly attribute: string;
  readonly value: string;
  /** Whether the numbers are withheld: too few people, or they would give away those of a group that is too small. */
  readonly hidden: boolean;
  readonly cases?: number;
  /** Absent also where the totals would give away a few people; shares are in hundredths then. */
  readonly unsuccessful?: number;
  /** Of those who ended unsuccessfully, the share that the list missed, and its 95 % interval (Wilson). */
  readonly missed?: number;
  readonly missedFrom?: number;
  readonly missedTo?: number;
  /** Of those who succeeded, the share that the list named. */
  readonly falselyListed?: number;
  readonly precision?: number;
  /** Mean risk predicted less the share observed. */
  readonly calibrationGap?: number;
}

/** False negatives by group on the list as advisers have it, for a capacity. */
export function auditGroups(judged: readonly Judged[], groups: Groups, capacity: Capacity): GroupRow[] {
  const listed = reached(judged, capacity);
  const coarse = totalsGiveAway(judged);
  return [...groups].flatMap(([attribute, values]) => {
    const byValue = new Map<string, Judged[]>();
    for (const one of judged) {
      const value = (one.student === null ? undefined : values.get(one.student)) ?? 'not known';
      byValue.set(value, [...(byValue.get(value) ?? []), one]);
    }
    const tallies = [...byValue].map(([value, own]) => tallyOf(value, own, listed));
    const hidden = hiddenTogether(tallies);
    return tallies
      .sort((a, b) => (a.value < b.value ? -1 : 1))
      .map((tally) =>
        hidden.has(tally)
          ? { attribute, value: tally.value, hidden: true }
          : { attribute, hidden: false, ...(coarse ? withoutOutcomes(rowOf(tally)) : rowOf(tally)) },
      );
  });
}

interface Tally extends Part {
  readonly value: string;
  readonly cases: number;
  readonly bad: number;
  readonly badListed: number;
  readonly listed: number;
  readonly predicted: number;
}

function tallyOf(value: string, own: readonly Judged[], listed: ReadonlySet<Judged>): Tally {
  const count = (wanted: (one: Judged) => boolean) => own.filter(wanted).length;
  return {
    value,
    cases: own.length,
    ...partOf(own),
    bad: count(({ bad }) => bad),
    badListed: count((one) => one.bad && listed.has(one)),
    listed: count((one) => listed.has(one)),
    predicted: own.reduce((sum, { score }) => sum + score, 0) / own.length,
  };
}

type ShownRow = Omit<GroupRow, 'attribute' | 'hidden'>;

const withoutOutcomes = ({ value, cases, unsuccessful: _, ...shares }: ShownRow): ShownRow => ({
  value,
  cases,
  ...inHundredths(shares),
});

function rowOf({ value, cases, bad, badListed, listed, predicted }: Tally): ShownRow {
  const missed = bad - badListed;
  const [missedFrom, missedTo] = wilson(missed, bad);
  return {
    value,
    cases,
    unsuccessful: bad,
    missed: missed / bad,
    missedFrom,
    missedTo,
    falselyListed: (listed - badListed) / (cases - bad),
    precision: listed === 0 ? undefined : badListed / listed,
    calibrationGap: predicted - bad / cases,
  };
}
