import { SEVERITIES, type Severity } from '../../campus/check-schema.ts';
import { otherTables } from '../../quality/check-sql.ts';
import type { TableCheck } from '../../quality/table-check.ts';
import { ExportError } from '../errors.ts';
import { aliasOf, rulesOf } from './dqdl.ts';

/** A ruleset as `glue create-data-quality-ruleset --cli-input-json` takes it. */
export interface Ruleset {
  readonly Name: string;
  readonly Description: string;
  readonly Ruleset: string;
  readonly TargetTable: { readonly DatabaseName: string; readonly TableName: string };
}

/** A table and its checks, by `database.table`. */
export interface CheckedTable {
  readonly table: string;
  readonly checks: readonly TableCheck[];
}

export interface Rulesets {
  readonly rulesets: readonly Ruleset[];
  /** Names of checks that stay with the lake, after the table's: `campus.students row_count`. */
  readonly left: readonly string[];
}

/** What Glue takes in one ruleset. Source: the reference of `CreateDataQualityRuleset`. */
const LONGEST = 65_536;

const MEANING: Readonly<Record<Severity, string>> = {
  fail: 'the lake does not show data that break these',
  warn: 'the lake only tells of data that break these',
  quarantine: 'the lake keeps rows aside that break these',
};

/**
 * A ruleset for each table and severity: in Glue a ruleset has one outcome, and what only warns must not spoil it.
 * @throws ExportError for a table with more rules than a ruleset can hold
 */
export function rulesetsOf(
  tables: readonly CheckedTable[],
  { name, databasePrefix }: { readonly name: string; readonly databasePrefix: string },
): Rulesets {
  const rulesets: Ruleset[] = [];
  const left: string[] = [];
  for (const { table, checks } of tables) {
    left.push(...checks.filter(({ check }) => losesPart(check)).map((entry) => `${table} ${entry.name}`));
    const [database = '', TableName = ''] = table.split('.');
    for (const severity of SEVERITIES) {
      const own = checks.filter((entry) => entry.severity === severity && rulesOf(entry.check).length > 0);
      if (own.length === 0) continue;
      const text = `Rules = [\n${own.flatMap(({ check }) => rulesOf(check).map((rule) => `  ${rule}`)).join(',\n')}\n]\n`;
      if (text.length > LONGEST) throw tooLong(table, text.length);
      rulesets.push({
        Name: `${name}-${database}-${TableName}-${severity}`,
        Description: describe(table, severity, otherTables(own)),
        Ruleset: text,
        TargetTable: { DatabaseName: `${databasePrefix}${database}`, TableName },
      });
    }
  }
  return { rulesets, left };
}

/** Rows lost since yesterday are known to the lake alone. */
const losesPart = (check: TableCheck['check']): boolean =>
  check.kind === 'row_count' && check.maxDropPercent !== undefined;

function describe(table: string, severity: Severity, others: readonly string[]): string {
  const needs = others.map((other) => `${other} as ${aliasOf(other)}`).join(', ');
  const reads = needs ? `. An evaluation must be given ${needs} as additional data sources` : '';
  return `Checks of ${table}: ${MEANING[severity]}${reads}`;
}

const tooLong = (table: string, length: number): ExportError =>
  new ExportError(
    `The checks of ${table} make a ruleset of ${length.toLocaleString('en-US')} characters, and Glue takes ${LONGEST.toLocaleString('en-US')}.`,
    {
      about: table,
      hint: 'shorten its longest list of accepted values: a relationship to a table says the same',
    },
  );

/** The files of the export, by name: each ruleset for reading, and as the request that makes it. */
export function rulesetFiles(rulesets: readonly Ruleset[]): Map<string, string> {
  return new Map(
    rulesets.flatMap((ruleset): [string, string][] => [
      [`${ruleset.Name}.dqdl`, `# ${ruleset.Description}\n${ruleset.Ruleset}`],
      [`${ruleset.Name}.json`, `${JSON.stringify(ruleset, null, 2)}\n`],
    ]),
  );
}
