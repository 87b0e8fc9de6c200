import { createHash } from 'node:crypto';
import { recordAccess } from '../access/log/record-access.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet } from '../ports/tables.ts';
import type { KeptLogin, LoggedStatement } from '../ports/warehouse-access.ts';
import { literalsOf, shapeOf } from '../sql/literals-of.ts';
import { wordsOf } from '../sql/words.ts';

/** What a statement may do whose tables nobody can tell by its text. */
const HIDES_TABLES =
  /^\s*do\b|\b(?:query|table|schema|database|cursor)_to_xml|\bts_stat\b|\bexecute\b|\bu&["']/i;

const READS_NOTHING =
  /^\s*(?:begin|start transaction|commit|end|rollback|abort|savepoint|release|set|show|reset|discard|deallocate|close|listen|unlisten|notify)\b/i;

/** Of a text with several statements each would have to be looked at. */
const readsNothing = (sql: string): boolean => READS_NOTHING.test(sql) && !/;\s*\S/.test(sql);

/**
 * Puts on record what logins of the warehouse have asked since the last run, as the warehouse itself has logged it:
 * who, when, which tables, how it ended; no literal of a statement. How many rows were given out the log does not say.
 * @param tables those that the warehouse served
 * @returns how many statements
 */
export async function recordStatements(
  lake: Uses<'session' | 'access' | 'clock' | 'ledger' | 'campus' | 'warehouse'>,
  tables: TableSet,
): Promise<number> {
  const { warehouse } = lake.platform;
  if (!warehouse.takeStatements) return 0;
  let count = 0;
  await warehouse.takeStatements(async (statements) => {
    const logins = new Map(((await warehouse.logins?.list()) ?? []).map((login) => [login.login, login]));
    for (const one of statements) {
      if (readsNothing(one.sql)) continue;
      await recordStatement(lake, tables, logins, one);
      count++;
    }
  });
  return count;
}

async function recordStatement(
  lake: Uses<'session' | 'access' | 'clock' | 'ledger' | 'campus'>,
  tables: TableSet,
  logins: ReadonlyMap<string, KeptLogin>,
  { id, at, login, sql, detail = '', outcome, state }: LoggedStatement,
): Promise<void> {
  const known = logins.get(login);
  const isReader = login === lake.campus.warehouse.readOnlyUser;
  await recordAccess(lake, {
    channel: 'warehouse',
    // Of one statement always the same, so that one that is read in twice is one access.
    access: createHash('sha256').update(`${id}/${at}`).digest('hex').slice(0, 16),
    at,
    principal: login,
    role: known?.role ?? (isReader ? 'every curated table' : 'unknown'),
    purpose: known?.purpose ?? '',
    outcome,
    ...(state === undefined ? {} : { reason: state }),
    reads: readsOf(`${sql}\n${detail}`, tables),
    statement: shapeOf(sql),
    named: literalsOf(`${sql}\n${detail}`),
  });
}

/**
 * Which tables a statement may have read: those whose names stand in it, in texts too, with those of their columns that
 * stand in it; all columns where it has a `*`. It may be too many, and is never too few.
 */
export function readsOf(sql: string, tables: TableSet): Map<string, readonly string[]> {
  const words = new Set(sql.toLowerCase().match(/[a-z_][a-z0-9_]*/g) ?? []);
  const isOpen = HIDES_TABLES.test(sql);
  const isAll = isOpen || wordsOf(sql).some(({ text }) => text === '*') || words.has('table');
  const reads = new Map<string, readonly string[]>();
  for (const { table, columns } of Object.values(tables)) {
    if (!isOpen && !words.has(table.slice(table.indexOf('.') + 1))) continue;
    const names = columns.map(({ name }) => name);
    const named = names.filter((name) => words.has(name));
    reads.set(table, isAll || named.length === 0 ? names : named);
  }
  return reads;
}
