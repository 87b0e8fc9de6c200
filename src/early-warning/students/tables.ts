import type { Json } from '../../json.ts';
import type { TableBuilder } from '../../ports/query-engine.ts';
import type { TableColumn, TableVersion } from '../../ports/tables.ts';
import type { StudentRecord } from './records.ts';

/** Students who are not to be scored. */
export const OPT_OUTS = 'campus.early_warning_opt_outs';
/** Rows whose facts a student disputes: no risk until they are corrected at the source. */
export const CORRECTIONS = 'campus.early_warning_corrections';
/** How often and when each student was last contacted. */
export const CONTACTS = 'campus.early_warning_contacts';
/** The features before those who opted out are left out; only `FEATURES_OF_OTHERS` reads it. */
export const ALL_FEATURES = 'campus.early_warning_features_of_all';

const OPT_OUT_COLUMNS: readonly TableColumn[] = [{ name: 'student_id', type: 'varchar' }];
const CORRECTION_COLUMNS: readonly TableColumn[] = [
  { name: 'student_id', type: 'varchar' },
  { name: 'course_code', type: 'varchar' },
  { name: 'disputed', type: 'varchar' },
  { name: 'since', type: 'date' },
];
const CONTACT_COLUMNS: readonly TableColumn[] = [
  { name: 'student_id', type: 'varchar' },
  { name: 'contacts', type: 'bigint' },
  { name: 'last_contact_on', type: 'date' },
  { name: 'last_contact', type: 'varchar' },
];

/** What people have recorded about students, as the tables that the scores read. */
export async function studentTables(
  engine: TableBuilder,
  records: readonly StudentRecord[],
  version: string,
): Promise<Record<typeof CORRECTIONS | typeof CONTACTS, TableVersion>> {
  const corrections = records.flatMap(({ student, corrections: own }) =>
    own.map(({ course, facts, at }): Json[] => [student, course, facts.join(', '), at.slice(0, 10)]),
  );
  const contacts = records.flatMap(({ student, contacts: own }): Json[][] => {
    const last = own.reduce((newest, one) => (one.on >= newest.on ? one : newest), own[0]!);
    return last ? [[student, own.length, last.on, contactInWords(last)]] : [];
  });
  return {
    [CORRECTIONS]: await engine.literalTable(CORRECTIONS, CORRECTION_COLUMNS, corrections, version),
    [CONTACTS]: await engine.literalTable(CONTACTS, CONTACT_COLUMNS, contacts, version),
  };
}

/** `call, reached`. */
export const contactInWords = ({
  how,
  reached,
}: {
  readonly how: string;
  readonly reached: boolean;
}): string => `${how}, ${reached ? 'reached' : 'not reached'}`;

/** The students who opted out, as a table. */
export const optOutTable = (
  engine: TableBuilder,
  records: readonly StudentRecord[],
  version: string,
): Promise<TableVersion> =>
  engine.literalTable(
    OPT_OUTS,
    OPT_OUT_COLUMNS,
    records.filter(({ optedOut }) => optedOut !== undefined).map(({ student }) => [student]),
    version,
  );

/** The features without those who opted out: whatever SQL of the campus made them, nobody of them is published. */
export const FEATURES_OF_OTHERS = `
SELECT f.*
FROM ${ALL_FEATURES} f
LEFT JOIN ${OPT_OUTS} o ON o.student_id = f.student_id
WHERE o.student_id IS NULL`.trim();
