import { parse } from 'yaml';
import { PRIVACY_CLASSES, type PrivacyClass } from '../campus/catalog-schema.ts';
import { repeatedChecks } from '../campus/check-checks.ts';
import { type Check, checkSchema } from '../campus/check-schema.ts';
import { didYouMean, nearest, oneOf } from '../campus/nearest.ts';
import { checkByNewNames, type OldName } from '../campus/renamed-keys.ts';
import { promisedTwice, readShortObjective, SHORT_OBJECTIVE_EXAMPLES } from '../campus/short-objective.ts';
import type { TableEngine } from '../ports/query-engine.ts';
import { type SourceLocation, SqlError } from '../sql/errors.ts';
import { type DisclosureRule, readDisclosure } from './disclosure.ts';
import { engineNamed, TABLE_ENGINES } from './engine.ts';
import { headerLines } from './header-lines.ts';

/** What a model's header comment says of it. */
export interface Header {
  readonly description?: string;
  /** What one row is. */
  readonly grain?: string;
  readonly checks: readonly Check[];
  /** Who answers for it. */
  readonly owner?: string;
  /** Whose work it is on AWS. */
  readonly engine: TableEngine;
  /** What becomes of it while a dataset that it reads is older than its promise. */
  readonly stale: StalePolicy;
  /** When it is built besides in every run. */
  readonly refresh: RefreshPolicy;
  /** How small numbers in it are protected. Absent: they are not. */
  readonly disclosure?: DisclosureRule;
  readonly columns: readonly DescribedColumn[];
  /** What is promised of it, each in a sentence. Default: nothing. */
  readonly objectives?: readonly WrittenSentence[];
  /** Names in its checks that were read as their new names. Default: none. */
  readonly oldNames?: readonly OldName[];
}

/**
 * `keep`: the model keeps its last version until its data are as new as promised. `build`: it is built as of the
 * oldest of them; for models of which nothing that happened later changes a row.
 */
const STALE_POLICIES = ['keep', 'build'] as const;
export type StalePolicy = (typeof STALE_POLICIES)[number];

/** `run`: by runs only. `live`: between two runs too, when `lake follow` has published newer tables that it reads. */
const REFRESH_POLICIES = ['run', 'live'] as const;
export type RefreshPolicy = (typeof REFRESH_POLICIES)[number];

/** A sentence of a header. */
export interface WrittenSentence {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** What is said of a column that the model gives. */
export interface DescribedColumn {
  readonly name: string;
  readonly privacy: PrivacyClass;
  readonly description: string;
  readonly place: SourceLocation;
}

/**
 * `-- description: …`, `-- grain: …`, `-- owner: …`, `-- engine: …`, `-- stale: …`, `-- refresh: …`, `-- disclosure: …`, any number of
 * `-- check: { kind: …, … }` and `-- objective: …`, written as in the catalog, and of `-- column name (class): …`, before the SELECT; a line
 * that goes on begins with two blanks.
 * @throws SqlError for a check, a class, an engine or a policy that cannot be read, is misspelt, or is below the SELECT
 *
 * @example
 * ```ts
 * import { readHeader } from './header.ts';
 *
 * const { grain, engine, columns } = readHeader(`-- description: one row a student
 * -- grain: student_id
 * -- owner: Registrar
 * -- check: { kind: unique, columns: [student_id] }
 * -- column student_id (direct): the registrar's number
 * SELECT student_id FROM sis.persons`);
 * console.log(grain, engine, columns.length); // student_id athena 1
 * ```
 */
export function readHeader(text: string): Header {
  const fields = fieldsOf(text);
  const textOf = (name: string) => fields.find((field) => field.name === name)?.text;
  const checks = fields
    .filter(({ name }) => name === 'check')
    .map((field) => ({ line: field.line, ...readCheck(field.text, { line: field.line, column: 1 }) }));
  refuseRepeats(checks);
  const disclosure = fields.find(({ name }) => name === 'disclosure');
  const oldNames = checks.flatMap((check) => check.oldNames);
  const objectives = readObjectives(fields);
  return {
    ...definedIn({ description: textOf('description'), grain: textOf('grain'), owner: textOf('owner') }),
    engine: readEngine(text),
    stale: readStale(fields.find(({ name }) => name === 'stale')),
    refresh: readRefresh(fields, disclosure !== undefined),
    ...(disclosure
      ? { disclosure: readDisclosure(disclosure.text, { line: disclosure.line, column: 1 }) }
      : {}),
    checks: checks.map(({ check }) => check),
    ...(oldNames.length > 0 ? { oldNames } : {}),
    ...(objectives.length > 0 ? { objectives } : {}),
    columns: fields
      .filter(({ name }) => name.startsWith('column '))
      .map(({ name, text: said, line }) => readColumn(name, said, { line, column: 1 })),
  };
}

interface Field {
  readonly name: string;
  text: string;
  readonly line: number;
}

const NAMES = [
  'description',
  'grain',
  'owner',
  'engine',
  'stale',
  'refresh',
  'disclosure',
  'objective',
  'check',
];
const FIELD =
  /^(description|grain|owner|engine|stale|refresh|disclosure|objective|check|column [^:]*):\s*(.*)$/s;
/** What decides about rows or about who may see them; a note that happens to begin with `owner:` decides nothing. */
const DECIDES = /^--\s*(?:(?:grain|engine|stale|refresh|disclosure|objective|check):|column \w+ \(\w+\):)/;

/** The fields of a header in their order. @throws SqlError for one that would be left out without a word */
function fieldsOf(text: string): Field[] {
  const fields: Field[] = [];
  let open: Field | undefined;
  const lines = headerLines(text);
  for (const { text: said, line } of lines) {
    const named = FIELD.exec(said?.trim() ?? '');
    if (named) {
      open = { name: named[1]!, text: named[2]!, line };
      fields.push(open);
    } else if (open && said !== undefined && /^\s{2,}/.test(said)) {
      open.text += ` ${said.trim()}`;
    } else {
      open = undefined;
      refuseMisspelt(said?.trim() ?? '', line);
    }
  }
  refuseBelow(text, lines.length);
  return fields;
}

/** A check or a class that is written almost as it should be is meant, and would not be there. */
function refuseMisspelt(said: string, line: number): void {
  const place = { line, column: 1 };
  const column = /^(\w+) \w+ \(\w+\)/.exec(said)?.[1];
  if (column !== undefined && nearest(column, ['column']) !== undefined)
    throw new SqlError('A column is described as "-- column name (class): what it is".', { place });
  const word = /^(\w+)\s*(?::|\{)/.exec(said)?.[1];
  const meant = word === undefined ? undefined : nearest(word, NAMES);
  if (meant === undefined) return;
  throw new SqlError(`A header has no "${word}"; did you mean "-- ${meant}: …"?`, {
    place,
    hint: 'write it so, or begin the remark with another word',
  });
}

/** The header ends where the SQL begins; a field below it would not be read. */
function refuseBelow(text: string, headerLength: number): void {
  const below = text.split(/\r?\n/).findIndex((line, i) => i >= headerLength && DECIDES.test(line.trim()));
  if (below < 0) return;
  throw new SqlError('A header line is below the start of the SQL, where it is not read.', {
    place: { line: below + 1, column: 1 },
    hint: 'move it above the SELECT',
  });
}

function readEngine(text: string): TableEngine {
  const named = engineNamed(text);
  if (!named) return 'athena';
  const engine = TABLE_ENGINES.find((known) => known === named.value);
  if (engine) return engine;
  throw new SqlError(`There is no engine "${named.value}"${didYouMean(named.value, TABLE_ENGINES)}`, {
    place: { line: named.line, column: 1 },
    hint: `choose ${oneOf(TABLE_ENGINES)}`,
  });
}

/** Keeping is the default: only who wrote a model knows whether later events would change its rows. */
function readStale(field: { readonly text: string; readonly line: number } | undefined): StalePolicy {
  if (!field) return 'keep';
  const said = field.text.trim();
  const policy = STALE_POLICIES.find((known) => known === said);
  if (policy) return policy;
  throw new SqlError(`A model over stale data cannot "${said}"${didYouMean(said, STALE_POLICIES) || '.'}`, {
    place: { line: field.line, column: 1 },
    hint: `choose ${oneOf(STALE_POLICIES)}`,
  });
}

/** The promises of a header. @throws SqlError for one that is no sentence as in the catalog, and for one said twice */
function readObjectives(fields: readonly Field[]): WrittenSentence[] {
  const said = fields
    .filter(({ name }) => name === 'objective')
    .map(({ text, line }) => ({ text: text.trim(), line }));
  for (const { text, line } of said)
    if (!readShortObjective(text))
      throw new SqlError(`The objective "${text}" cannot be read.`, {
        place: { line, column: 1 },
        hint: `write a sentence as in the catalog: ${SHORT_OBJECTIVE_EXAMPLES.join('; ')}`,
      });
  for (const [i, first] of promisedTwice(said.map(({ text }) => text)).entries())
    if (first !== undefined)
      throw new SqlError(`The objective promises what line ${said[first]!.line} promises already.`, {
        place: { line: said[i]!.line, column: 1 },
        hint: 'keep one, or write the second as an objective with a name of its own',
      });
  return said;
}

/** Numbers that are protected are released once a day, since two releases tell more than one. */
function readRefresh(fields: readonly Field[], isProtected: boolean): RefreshPolicy {
  const field = fields.find(({ name }) => name === 'refresh');
  if (!field) return 'run';
  const place = { line: field.line, column: 1 };
  const said = field.text.trim();
  const policy = REFRESH_POLICIES.find((known) => known === said);
  if (!policy)
    throw new SqlError(`A model cannot be refreshed "${said}"${didYouMean(said, REFRESH_POLICIES) || '.'}`, {
      place,
      hint: `choose ${oneOf(REFRESH_POLICIES)}`,
    });
  if (policy === 'live' && isProtected)
    throw new SqlError(
      'A model with "-- disclosure:" is released once a day, so it cannot be "-- refresh: live".',
      {
        place,
        hint: 'leave one of the two lines out',
      },
    );
  return policy;
}

function readColumn(field: string, description: string, place: SourceLocation): DescribedColumn {
  const named = /^column (\w+) \((\w+)\)$/.exec(field);
  const privacy = PRIVACY_CLASSES.find((known) => known === named?.[2]);
  if (!named || !privacy) {
    const guess = named ? didYouMean(named[2]!, PRIVACY_CLASSES) : '';
    throw new SqlError(`A column is described as "-- column name (class): what it is"${guess}.`, {
      place,
      hint: `the classes are ${PRIVACY_CLASSES.join(', ')}`,
    });
  }
  return { name: named[1]!, privacy, description, place };
}

function readCheck(text: string, place: SourceLocation): { check: Check; oldNames: OldName[] } {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new SqlError(`The check is no YAML: ${(error as Error).message.split('\n', 1)[0]}`, { place });
  }
  const { check, oldNames, problem } = checkByNewNames(value);
  if (problem !== undefined) throw new SqlError(`The check cannot be read: ${problem}.`, { place });
  const read = checkSchema.safeParse(check);
  if (read.success && read.data.severity === 'quarantine')
    throw new SqlError('Rows of a model are not kept aside: its SELECT makes them.', {
      place,
      hint: 'leave them out by a WHERE, or keep the rows aside where they come in, in the catalog',
    });
  if (read.success) return { check: read.data, oldNames };
  const [issue] = read.error.issues;
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  throw new SqlError(`The check cannot be read: ${where}${issue?.message}`, {
    place,
    hint: 'write it as in the catalog, such as { kind: not_null, columns: [id] }',
  });
}

function refuseRepeats(checks: readonly { readonly line: number; readonly check: Check }[]): void {
  for (const [i, first] of repeatedChecks(checks.map(({ check }) => check)).entries()) {
    if (first === undefined) continue;
    throw new SqlError(`The check says the same as the one in line ${checks[first]!.line}.`, {
      place: { line: checks[i]!.line, column: 1 },
      hint: 'keep one of them',
    });
  }
}

function definedIn<T extends Record<string, string | undefined>>(fields: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
