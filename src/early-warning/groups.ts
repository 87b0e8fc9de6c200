import type { AuditedColumn } from '../campus/campus-schema.ts';
import { nearest } from '../campus/nearest.ts';
import type { TableSet } from '../platform/ports/tables.ts';
import type { Lake } from '../step.ts';
import { AuditError } from './errors.ts';
import type { Capacity, Judged } from './figures.ts';
import { hiddenTogether, isLarge, type Part, partOf } from './hidden-together.ts';
import { reached } from './listed.ts';
import { abroca } from './metrics/abroca.ts';
import { wilson } from './metrics/wilson.ts';
import { inHundredths, totalsGiveAway } from './totals.ts';

const persons = { table: 'sis.registrar_persons', person: 'person_id' } as const;
const students = { table: 'sis.registrar_students', person: 'student_id' } as const;
const declarations = { table: 'sis.registrar_declarations', person: 'student_id' } as const;

/** Where `campus.yaml` names none. Those that the lake does not hold (the steward leaves them behind) are not audited. */
const DEFAULT_AUDIT: readonly AuditedColumn[] = [
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

/**
 * Reads the attributes that `campus.yaml` names, or else those of the default that the published tables hold.
 * @throws AuditError where `campus.yaml` names a table or column that is not published
 */
export async function readGroups(lake: Pick<Lake, 'campus' | 'platform'>, tables: TableSet): Promise<Groups> {
  const groups = new Map<string, Map<string, string>>();
  const named = lake.campus.earlyWarning?.audit;
  for (const audited of named ?? DEFAULT_AUDIT) {
    const { name, table, person, column } = audited;
    const missing = missingFrom(tables, audited);
    if (missing && named) throw missing;
    if (missing) continue;
    const select = `
      SELECT ${person}, max(CAST(${column} AS varchar)) FROM ${table} WHERE ${column} IS NOT NULL GROUP BY ${person}`;
    const values = new Map<string, string>();
    const result = await lake.platform.engine.query(select, tables);
    for await (const batch of result.batches()) {
      for (const [student, value] of batch) values.set(String(student), String(value));
    }
    if (values.size > 0) groups.set(name, values);
  }
  return groups;
}

/** @returns what is not there, or undefined */
function missingFrom(
  tables: TableSet,
  { name, table, person, column }: AuditedColumn,
): AuditError | undefined {
  const found = tables[table];
  const about = `campus.yaml, earlyWarning.audit: ${name}`;
  if (!found) {
    return new AuditError(`Early warning cannot be audited by ${name}: no table ${table} is published.`, {
      about,
      hint: withNearest(table, Object.keys(tables), '`lake tables` lists what is'),
    });
  }
  const columns = found.columns.map((own) => own.name);
  const unknown = [column, person].find((own) => !columns.includes(own));
  if (unknown === undefined) return undefined;
  return new AuditError(
    `Early warning cannot be audited by ${name}: ${table} has no column ${unknown} in the lake.`,
    {
      about,
      hint: withNearest(unknown, columns, 'a column that the steward leaves behind cannot be audited by'),
    },
  );
}

function withNearest(word: string, known: readonly string[], otherwise: string): string {
  const found = nearest(word, known);
  return found === undefined ? otherwise : `did you mean ${found}? Else: ${otherwise}`;
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
  /**
   * The area between the ROC curve of the group and that of all others (Gardner, Brooks & Baker, LAK 2019), to
   * hundredths: 0 where both are ranked alike. Absent where there are too few others.
   */
  readonly abroca?: number;
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
    const tallies = [...byValue].map(([value, own]) => {
      const others = [...byValue].flatMap(([other, cases]) => (other === value ? [] : cases));
      return tallyOf(value, own, others, listed);
    });
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
  readonly abroca?: number;
}

function tallyOf(
  value: string,
  own: readonly Judged[],
  others: readonly Judged[],
  listed: ReadonlySet<Judged>,
): Tally {
  const count = (wanted: (one: Judged) => boolean) => own.filter(wanted).length;
  return {
    value,
    cases: own.length,
    ...partOf(own),
    bad: count(({ bad }) => bad),
    badListed: count((one) => one.bad && listed.has(one)),
    listed: count((one) => listed.has(one)),
    predicted: own.reduce((sum, { score }) => sum + score, 0) / own.length,
    ...(isLarge(partOf(own)) && isLarge(partOf(others))
      ? { abroca: Math.round(100 * abroca(own, others)) / 100 }
      : {}),
  };
}

type ShownRow = Omit<GroupRow, 'attribute' | 'hidden'>;

const withoutOutcomes = ({ value, cases, unsuccessful: _, ...shares }: ShownRow): ShownRow => ({
  value,
  cases,
  ...inHundredths(shares),
});

function rowOf({ value, cases, bad, badListed, listed, predicted, abroca: area }: Tally): ShownRow {
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
    ...(area === undefined ? {} : { abroca: area }),
  };
}
