import type { LakeType } from '../../campus/lake-type.ts';
import type { TableColumn } from '../../ports/tables.ts';
import { brokenBy, quoted, text } from '../check-sql.ts';
import type { TableCheck } from '../table-check.ts';

/** The rows that are told apart. */
export interface SeparatedRows {
  readonly table: string;
  readonly columns: readonly TableColumn[];
  /** Checks that rows break by themselves. */
  readonly checks: readonly TableCheck[];
  /** Whether a person has decided on some of them. */
  readonly hasDecided: boolean;
}

/** The table of the decisions, for a statement that reads them. */
export const DECIDED = 'quarantine.decided';

/** What a row that is kept aside has besides its own columns. */
export const ASIDE_COLUMNS = {
  checks: 'quarantine_checks',
  reason: 'quarantine_reason',
  run: 'quarantine_run',
  row: 'quarantine_row',
} as const;

/**
 * One SELECT in Athena's SQL that counts the rows to be kept aside, those that are not shown (what was dropped among them),
 * and for each check those that are kept aside for it.
 */
export function separatedCountsSql(rows: SeparatedRows): string {
  const counts = [
    IS_ASIDE,
    IS_HIDDEN,
    ...rows.checks.map((_, i) => `${IS_ASIDE} AND s.${broken(i)} = 1`),
  ].map((condition, i) => `count(CASE WHEN ${condition} THEN 1 END) AS c${i}`);
  return `SELECT ${counts.join(', ')} FROM ${separated(rows)}`;
}

/** The rows that people see. */
export const shownSql = (rows: SeparatedRows): string =>
  `SELECT ${rows.columns.map(({ name }) => `s.${quoted(name)}`).join(', ')} FROM ${separated(rows)} WHERE NOT (${IS_HIDDEN})`;

/** The rows that are kept aside, with the checks that they break, why, in which run, and a digest of each. */
export function asideSql(rows: SeparatedRows, run: string): string {
  const said = (words: (entry: TableCheck) => string) =>
    rows.checks.map((entry, i) => `CASE WHEN s.${broken(i)} = 1 THEN ${text(words(entry))} END`).join(', ');
  const added = [
    `concat_ws('; ', ${said(({ name }) => name)}) AS ${ASIDE_COLUMNS.checks}`,
    `concat_ws('; ', ${said(reasonOf)}) AS ${ASIDE_COLUMNS.reason}`,
    `${text(run)} AS ${ASIDE_COLUMNS.run}`,
    `s.lake_row AS ${ASIDE_COLUMNS.row}`,
  ];
  const own = rows.columns.map(({ name }) => `s.${quoted(name)}`);
  return `SELECT ${[...own, ...added].join(', ')} FROM ${separated(rows)} WHERE ${IS_ASIDE}`;
}

/**
 * The decisions with one more, over rows that are kept aside. Of two on one row the later counts.
 * @param check only of the rows that break it
 */
export function decidedSql(
  table: string,
  decision: 'release' | 'drop',
  { check, hasDecided }: { readonly check?: string; readonly hasDecided: boolean },
): string {
  const where = check === undefined ? '' : ` WHERE ${breaksCheck(check)}`;
  const rows = `SELECT DISTINCT a.${ASIDE_COLUMNS.row} AS row_digest FROM ${table} a${where}`;
  const added = `SELECT n.row_digest, '${decision}' AS decision FROM (${rows}) n`;
  return hasDecided
    ? `SELECT q.row_digest, q.decision FROM ${DECIDED} q LEFT JOIN (${rows}) n ON n.row_digest = q.row_digest WHERE n.row_digest IS NULL UNION ALL ${added}`
    : added;
}

/** How many rows a decision is about. */
export const decidedCountSql = (table: string, check: string | undefined): string =>
  `SELECT count(*) AS c FROM ${table} a${check === undefined ? '' : ` WHERE ${breaksCheck(check)}`}`;

const breaksCheck = (check: string): string =>
  `strpos(concat('; ', a.${ASIDE_COLUMNS.checks}, '; '), ${text(`; ${check}; `)}) > 0`;

const IS_ASIDE = "s.lake_breaks > 0 AND s.lake_decision = ''";
const IS_HIDDEN = "s.lake_breaks > 0 AND s.lake_decision <> 'release'";

const broken = (i: number): string => `lake_broken_${i}`;

/** Every row with what it breaks (`lake_breaks`: how many checks) and what was decided on it. */
function separated({ table, columns, checks, hasDecided }: SeparatedRows): string {
  const own = columns.map(({ name }) => `t.${quoted(name)}`);
  const joins: string[] = [];
  const broke = checks.map(({ check }, i) => {
    if (check.kind !== 'relationships') return `CASE WHEN ${brokenBy(check, columns)} THEN 1 ELSE 0 END`;
    const column = `t.${quoted(check.column)}`;
    joins.push(
      `LEFT JOIN (SELECT DISTINCT ${quoted(check.field)} AS found FROM ${check.to}) p${i} ON p${i}.found = ${column}`,
    );
    return `CASE WHEN ${column} IS NOT NULL AND p${i}.found IS NULL THEN 1 ELSE 0 END`;
  });
  const marks = broke.map((sql, i) => `${sql} AS ${broken(i)}`);
  const marked = `SELECT ${[...own, ...marks].join(', ')} FROM ${[`${table} t`, ...joins].join(' ')}`;
  const sum = checks.map((_, i) => `m.${broken(i)}`).join(' + ');
  const digest = `CASE WHEN ${sum} > 0 THEN ${digestSql(columns)} END`;
  const counted = `SELECT m.*, ${sum} AS lake_breaks, ${digest} AS lake_row FROM (${marked}) m`;
  return hasDecided
    ? `(SELECT n.*, coalesce(q.decision, '') AS lake_decision FROM (${counted}) n LEFT JOIN ${DECIDED} q ON q.row_digest = n.lake_row) s`
    : `(SELECT n.*, '' AS lake_decision FROM (${counted}) n) s`;
}

/** Of all values of a row: a row that changes has another one. */
function digestSql(columns: readonly TableColumn[]): string {
  const values = columns.map(
    ({ name, type }) => `coalesce(concat('+', ${asText(`m.${quoted(name)}`, type)}), '-')`,
  );
  return `to_hex(sha256(to_utf8(${values.join(" || '␟' || ")})))`;
}

/** A value as every engine writes it: fractions to ten places, instants to the millisecond. Null stays null. */
function asText(value: string, type: LakeType): string {
  switch (type) {
    case 'varchar':
      return value;
    case 'varbinary':
      return `to_hex(${value})`;
    case 'timestamp':
      return `concat(format_datetime(${value}, 'yyyy-MM-dd HH:mm:ss'), ' ', CAST(millisecond(${value}) AS varchar))`;
    case 'double':
    case 'real': {
      const number = `CAST(${value} AS double)`;
      return `CASE WHEN ${value} IS NULL THEN NULL WHEN is_nan(${number}) THEN 'nan' WHEN abs(${number}) < 1000000000000000 THEN CAST(CAST(${number} AS decimal(38,10)) AS varchar) WHEN ${number} > 0 THEN 'large' ELSE '-large' END`;
    }
    default:
      return `CAST(${value} AS varchar)`;
  }
}

/** Why, in words without a value. */
function reasonOf({ name, check }: TableCheck): string {
  switch (check.kind) {
    case 'not_null':
      return `${check.columns.join(' or ')} is empty`;
    case 'accepted_values':
      return `${check.column} is none of the accepted values`;
    case 'range':
      return `${check.column} is out of its range`;
    case 'relationships':
      return `${check.column} is not in ${check.to}.${check.field}`;
    default:
      return `it breaks ${name}`;
  }
}
