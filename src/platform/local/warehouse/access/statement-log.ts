import { appendFileSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { LoggedStatement } from '../../../../ports/warehouse-access.ts';
import { OWNER } from '../database.ts';

/** When, who, which session, which line of it, the state of an error; then the entry. */
export const LOG_SETTINGS = {
  log_line_prefix: '%m|%u|%c|%l|%e| ',
  // The owner's own statements are none that anybody is to be told of.
  log_min_error_statement: 'error',
} as const;

const PREFIX = /^([\d-]{10} [\d:.]{12}) UTC\|([^|]*)\|([0-9a-f.]+)\|(\d+)\|(\w{5})\| (\w+): {2}(.*)$/s;
const FILE = 'statements.log';
const TAKEN = 'statements.taken';

/** Keeps what a server says of the statements of others than its owner, next to the data, for the next run. */
export function statementKeeper(directory: string): (line: string) => void {
  const file = path.join(directory, FILE);
  let isKept = false;
  return (line) => {
    // What goes over several lines goes on behind a tab.
    if (!line.startsWith('\t')) {
      const user = PREFIX.exec(line)?.[2];
      isKept = user !== undefined && user !== '' && user !== OWNER;
    }
    if (isKept) appendFileSync(file, `${line}\n`, { mode: 0o600 });
  };
}

/**
 * Gives the statements that were kept, and removes them once `record` has returned. Killed in between, the next call
 * gives the same ones again, each with the same id.
 */
export async function takeStatements(
  directory: string,
  record: (statements: readonly LoggedStatement[]) => Promise<void>,
): Promise<void> {
  const taken = path.join(directory, TAKEN);
  const read = () => readFile(taken, 'utf8').catch(missing);
  // What an earlier call has left comes first; what is logged meanwhile goes to a new file.
  for (const text of [await read(), await rename(path.join(directory, FILE), taken).then(read, missing)]) {
    if (text === undefined) continue;
    await record(statementsIn(text));
    await rm(taken, { force: true });
  }
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

interface Entry {
  readonly at: string;
  readonly login: string;
  readonly session: string;
  readonly line: string;
  readonly state: string;
  readonly kind: string;
  readonly text: string;
}

/** What a log says of statements: of each its text, the values of its parameters, and how it ended. */
export function statementsIn(log: string): LoggedStatement[] {
  const found: LoggedStatement[] = [];
  /** By session, the place in `found` of its last statement, and an error that waits for the statement it is about. */
  const last = new Map<string, number>();
  const errors = new Map<string, Entry>();
  for (const entry of entriesIn(log)) {
    const { session, kind, state, text } = entry;
    if (kind === 'LOG') {
      const sql = /^(?:statement|execute [^:]*|parse [^:]*): (.*)$/s.exec(text)?.[1];
      if (sql === undefined) continue;
      last.set(session, found.length);
      found.push(statementOf(entry, sql));
      errors.delete(session);
    } else if (kind === 'DETAIL' && /^(?:Parameters|parameters|prepare): /.test(text)) {
      const at = last.get(session);
      if (at !== undefined) found[at] = { ...found[at]!, detail: text };
    } else if (kind === 'ERROR' || kind === 'FATAL') {
      errors.set(session, entry);
    } else if (kind === 'STATEMENT') {
      const error = errors.get(session);
      errors.delete(session);
      const at = last.get(session);
      const outcome = error?.state === '42501' ? 'refused' : 'failed';
      const failed = { outcome, state: error?.state ?? state } as const;
      // A statement that cannot be read was not told of before.
      if (at !== undefined && found[at]!.sql === text) found[at] = { ...found[at]!, ...failed };
      else {
        last.set(session, found.length);
        found.push({ ...statementOf(entry, text), ...failed });
      }
    }
  }
  return found;
}

const statementOf = ({ at, login, session, line }: Entry, sql: string): LoggedStatement => ({
  id: `${session}/${line}`,
  at: Date.parse(`${at.replace(' ', 'T')}Z`),
  login,
  sql,
  outcome: 'answered',
});

function entriesIn(log: string): Entry[] {
  const entries: Entry[] = [];
  for (const line of log.split('\n')) {
    const [, at, login, session, number, state, kind, text] = PREFIX.exec(line) ?? [];
    const before = entries.at(-1);
    if (at !== undefined)
      entries.push({
        at,
        login: login!,
        session: session!,
        line: number!,
        state: state!,
        kind: kind!,
        text: text!,
      });
    else if (line.startsWith('\t') && before)
      entries[entries.length - 1] = { ...before, text: `${before.text}\n${line.slice(1)}` };
  }
  return entries;
}
