import type { Check, Severity } from '../../campus/check-schema.ts';
import type { TableCheck } from '../../quality/table-check.ts';
import { plain } from './jinja.ts';
import { dbtName } from './references.ts';

/** A test in dbt's YAML: its name, or its name over what it is told. */
export type DbtTest = string | { readonly [name: string]: { readonly [key: string]: unknown } };

/** What becomes of the checks of one table. */
export interface DbtTests {
  readonly ofTable: readonly DbtTest[];
  readonly ofColumns: ReadonlyMap<string, readonly DbtTest[]>;
  /** Names of the checks that dbt cannot make: what compares a table with itself of yesterday, or with the moment up to which it is loaded. */
  readonly left: readonly string[];
}

/** The checks of one table as dbt's own tests where it has one, else as those of `generic-tests.ts`. */
export function testsOf(checks: readonly TableCheck[]): DbtTests {
  const ofTable: DbtTest[] = [];
  const ofColumns = new Map<string, DbtTest[]>();
  const left: string[] = [];
  for (const { check, name, severity } of checks) {
    const made = testsOfCheck(check, severity);
    if (made.length === 0 || losesPart(check)) left.push(name);
    for (const { column, test } of made) {
      if (column === undefined) ofTable.push(test);
      else ofColumns.set(column, [...(ofColumns.get(column) ?? []), test]);
    }
  }
  return { ofTable, ofColumns, left };
}

interface Made {
  /** Absent: the test is of the table. */
  readonly column?: string;
  readonly test: DbtTest;
}

function testsOfCheck(check: Check, severity: Severity): Made[] {
  const test = (name: string, args: { [argument: string]: unknown } = {}) => testOf(name, args, severity);
  switch (check.kind) {
    case 'not_null':
      return check.columns.map((column) => ({ column, test: test('not_null') }));
    case 'unique': {
      const { columns, nullsDistinct = true } = check;
      const [only] = columns.length === 1 ? columns : [];
      const together = {
        columns: columns.map(identifier),
        ...(nullsDistinct ? {} : { nulls_distinct: false }),
      };
      return [
        // Tools around dbt know a key by this one; it leaves empty ones out.
        ...(only === undefined ? [] : [{ column: only, test: test('unique') }]),
        ...(only === undefined || !nullsDistinct ? [{ test: test('unique_together', together) }] : []),
      ];
    }
    case 'accepted_values':
      return [{ column: check.column, test: test('accepted_values', acceptedValues(check.values)) }];
    case 'range': {
      const ends = Object.entries({ min: check.min, max: check.max });
      const given = ends.flatMap(([end, value]) =>
        value === undefined ? [] : [[end, literal(value, true)]],
      );
      const days = [check.min, check.max].some((end) => typeof end === 'string') ? { days: true } : {};
      return [{ column: check.column, test: test('in_range', { ...Object.fromEntries(given), ...days }) }];
    }
    case 'relationships':
      return [
        {
          column: check.column,
          test: test('relationships', { to: dbtName(check.to), field: identifier(check.field) }),
        },
      ];
    case 'freshness':
      // It is measured up to the load, which dbt does not know.
      return [];
    case 'row_count':
      return check.min === undefined ? [] : [{ test: test('at_least_rows', { min: check.min }) }];
    default:
      return unknownKind(check);
  }
}

const losesPart = (check: Check): boolean => check.kind === 'row_count' && check.maxDropPercent !== undefined;

function testOf(name: string, args: { [argument: string]: unknown }, severity: Severity): DbtTest {
  const known = {
    ...(Object.keys(args).length > 0 ? { arguments: args } : {}),
    ...(severity === 'warn' ? { config: { severity: 'warn' } } : {}),
  };
  return Object.keys(known).length === 0 ? name : { [name]: known };
}

/** dbt puts quotes around values, apostrophes in them or not; so texts that have one, and numbers, come as SQL. */
function acceptedValues(values: readonly (string | number | boolean)[]): { [argument: string]: unknown } {
  const simple = values.every((value) => typeof value === 'string' && !/['\\]/.test(value));
  return simple
    ? { values: values.map((value) => plain(String(value))) }
    : { values: values.map((value) => literal(value)), quote: false };
}

function literal(value: string | number | boolean, isDate = false): string {
  if (typeof value !== 'string') return String(value);
  return plain(`${isDate ? 'DATE ' : ''}'${value.replaceAll("'", "''")}'`);
}

/** A column's name may be a word of SQL. */
const identifier = (name: string): string => `"${name}"`;

function unknownKind(check: never): never {
  throw new TypeError(`a check of unknown kind: ${JSON.stringify(check)}`);
}
