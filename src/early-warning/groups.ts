import { type Queried, queryTables } from '../access/query.ts';
import type { Campus } from '../campus/campus.ts';
import type { AuditedColumn } from '../campus/campus-schema.ts';
import { nearest } from '../campus/nearest.ts';
import type { TableSet } from '../ports/tables.ts';
import { AuditError } from './errors.ts';

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
export async function readGroups(
  lake: Queried & { readonly campus: Pick<Campus, 'earlyWarning'> },
  tables: TableSet,
): Promise<Groups> {
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
    const result = await queryTables(lake, select, tables);
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
      hint: withNearest(unknown, columns, 'a column that the steward excludes cannot be audited by'),
    },
  );
}

function withNearest(word: string, known: readonly string[], otherwise: string): string {
  const found = nearest(word, known);
  return found === undefined ? otherwise : `did you mean ${found}? Else: ${otherwise}`;
}
