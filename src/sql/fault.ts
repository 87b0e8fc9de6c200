import { type SourceLocation, SqlError } from './errors.ts';

/** What an engine can find wrong while a statement that is right as SQL meets the data. */
export type SqlFault = keyof typeof FAULTS;

interface FaultDetails {
  /** Type that was aimed at, in Athena's words: `date`, `decimal(5,2)`. */
  readonly type?: string;
  /** Column that held the value, where the engine names it. */
  readonly column?: string;
  readonly place?: SourceLocation;
  readonly about?: string;
  readonly cause: unknown;
}

interface Words {
  readonly message: (details: FaultDetails) => string;
  readonly hint?: string;
}

const of = ({ column }: FaultDetails) => (column === undefined ? '' : ` of "${column}"`);
const to = ({ type }: FaultDetails) => (type === undefined ? '' : ` to ${type}`);

/** The lake's words for each: the same whichever engine found it, and none of them holds a value. */
const FAULTS = {
  cast: {
    message: (d) => `A value${of(d)} cannot be converted${to(d)}.`,
    hint: 'write TRY_CAST(…), which gives null where a value does not fit',
  },
  'time-format': {
    message: (d) => `A value${of(d)} does not fit the pattern by which it is read as a time.`,
    hint: 'test the text first: CASE WHEN regexp_like(…) THEN date_parse(…) END',
  },
  overflow: {
    message: () => 'A number is too large for its type.',
    hint: 'CAST it to a larger type first',
  },
  'division-by-zero': { message: () => 'Division by zero.', hint: 'write nullif(divisor, 0)' },
  'invalid-json': {
    message: () => 'A text that is no JSON is read as JSON.',
    hint: "leave such texts out first: CASE WHEN regexp_like(x, '^ *[{\\[]') THEN … END",
  },
  'invalid-pattern': {
    message: () => 'A text that is no regular expression is used as one.',
    hint: 'a pattern that comes from a column may hold signs that mean something else there: use strpos(…) or LIKE',
  },
  'no-such-element': {
    message: () => 'An array or a map has no such element.',
    hint: 'write element_at(…), which gives null for it',
  },
  'repeated-map-key': {
    message: () => 'A map would have one key twice.',
    hint: 'group by the key first',
  },
  'subquery-rows': {
    message: () => 'A subquery gave more than one row.',
    hint: 'use max(…) or LIMIT 1 in it',
  },
  'time-zone': {
    message: () => 'A text that is no time zone is used as one.',
    hint: 'use an IANA name such as America/Chicago',
  },
  'time-unit': {
    message: () => 'A text that is no unit of time is used as one.',
    hint: "use 'day', 'week', 'month' and their like",
  },
  'time-range': {
    message: () => 'A date or a time lies outside of what can be kept.',
    hint: 'look for years beyond 9999, or bring the value into its range first',
  },
  encoding: {
    message: () => 'A value is not encoded as it is read: no base64, no hex or no UTF-8.',
    hint: 'leave such values out first, with CASE WHEN … THEN … END',
  },
  argument: {
    message: () => 'A function was given a value that it does not take.',
    hint: 'leave such values out first, with CASE WHEN … THEN … END; LAKE_DEBUG_LOG=<file> keeps what the engine said',
  },
  'too-large': {
    message: () => 'A text or a list would become too large.',
    hint: 'take fewer rows or shorter texts together',
  },
  memory: {
    message: () => 'The statement needs more memory than it may use.',
    hint: 'ask for fewer columns or rows, or group earlier',
  },
  unsupported: {
    message: () => 'The engine cannot do what the statement asks for.',
    hint: 'docs/sql.md lists what is the same everywhere; LAKE_DEBUG_LOG=<file> keeps what the engine said',
  },
  other: {
    message: () => 'The statement failed while it was run.',
    hint: 'LAKE_DEBUG_LOG=<file> keeps what the engine said, on this machine and for you alone',
  },
} as const satisfies { readonly [fault: string]: Words };

/** The error of a statement that met data which it cannot work on. What the engine said stays in `cause`. */
export function sqlFault(fault: SqlFault, details: FaultDetails): SqlError {
  const { message, hint }: Words = FAULTS[fault];
  const { place, about, cause } = details;
  return new SqlError(message(details), { code: `sql-${fault}`, hint, place, about, cause });
}

/**
 * What an engine says of the statement before it reads a row, which holds words of the statement, of the tables and
 * of the engine alone. Kept is only what this can prove: every quoted word must be one of the statement or a name of
 * its tables; any other is left out.
 * @param known texts in which a quoted word may stand: the statement as written and as translated, names of columns
 */
export function ownWords(said: string, known: readonly string[]): string {
  const words = known.map((text) => text.toLowerCase());
  const kept = said
    .split('\n')[0]!
    .slice(0, 400)
    .replaceAll(/"([^"]*)"|'([^']*)'/g, (quoted, double?: string, single?: string) => {
      const word = (double ?? single ?? '').toLowerCase();
      return words.some((text) => text.includes(word)) ? quoted : '…';
    })
    .trim();
  return /[.!?]$/.test(kept) ? kept.replace(/!$/, '.') : `${kept}.`;
}
