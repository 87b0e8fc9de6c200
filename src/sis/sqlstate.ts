/**
 * What an error of PostgreSQL means, in the lake's own words: the server's message can quote a value of a row or of a
 * query. By SQLSTATE (PostgreSQL documentation, appendix "PostgreSQL Error Codes").
 */
export function meaningOf(sqlstate: string): string {
  const meaning = CODES[sqlstate] ?? CLASSES[sqlstate.slice(0, 2)] ?? 'it reported an error';
  return `${meaning} (SQLSTATE ${sqlstate})`;
}

/** Whether the code of an error is PostgreSQL's own; `EPIPE`, too, has five characters. */
export function isSqlstate(code: string | undefined): code is string {
  return code !== undefined && /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
}

/** Whether a connection that got this error is of no more use: a new one may be. */
export function endsConnection(sqlstate: string): boolean {
  return /^(08|57P)/.test(sqlstate) || sqlstate === '25P03' || sqlstate === TRANSACTION_TIMEOUT;
}

/** `transaction_timeout` of PostgreSQL 17 and newer. */
const TRANSACTION_TIMEOUT = '25P04';

/** Somebody else holds a lock that conflicts: `lock_not_available`. */
export const LOCKED = '55P03';
/** The server, the database or the role has no connection left. */
export const TOO_MANY_CONNECTIONS = '53300';
/** The table of locks that all sessions share is full. */
export const OUT_OF_MEMORY = '53200';

const CODES: Readonly<Record<string, string>> = {
  '08006': 'the connection failed',
  '0A000': 'it does not support what was asked',
  '22001': 'a text is longer than its column',
  '22003': 'a number is out of the range of its type',
  '22007': 'a value is no date or time',
  '22008': 'a date or time is out of the range of its type',
  '22012': 'a division by zero',
  '22021': 'a text has bytes that are not of its encoding',
  '22023': 'a parameter has a value that it does not take',
  '22P02': 'a text is not of the type to which it is cast',
  '22P05': 'a text has a character that cannot be translated',
  '23502': 'a column that must be filled is empty',
  '23503': 'a row refers to one that is not there',
  '23505': 'two rows have the same key',
  '23514': 'a row breaks a rule of its table',
  '25P03': 'its idle_in_transaction_session_timeout ended the connection',
  '25P04': 'its transaction_timeout ended the transaction: a copy is one transaction, however long it takes',
  '28000': 'it refused the login: no rule of pg_hba.conf lets this user in from here',
  '28P01': 'it refused the password',
  '3D000': 'it has no such database',
  '42501': 'the user may not do this',
  '42703': 'a column is not there',
  '42883': 'a function is not there',
  '42P01': 'a table is not there',
  '53100': 'its disk is full',
  '53200': 'it is out of memory',
  '53300': 'it has no connection left for this user',
  '54000': 'a limit of the server is exceeded',
  '55000': 'an object is not in the state that is needed, such as a materialized view without data',
  '55P03': 'another session holds a lock on it',
  '57014': 'the statement was cancelled',
  '57P01': 'an administrator ended the connection',
  '57P02': 'it crashed and restarts',
  '57P03': 'it is starting up or shutting down',
  '57P05': 'its idle_session_timeout ended the connection',
  XX001: 'its data files are damaged',
  XX002: 'an index of it is damaged',
};

const CLASSES: Readonly<Record<string, string>> = {
  '08': 'the connection failed',
  '23': 'a rule of the table is broken',
  '21': 'a query gave more rows than it may',
  '22': 'a value does not suit what is done with it',
  '25': 'the transaction cannot go on',
  '28': 'it refused the login',
  '38': 'a function outside of it failed',
  '40': 'the transaction was rolled back',
  '42': 'a name or a right is missing',
  '53': 'it is short of resources',
  '54': 'a limit of the server is exceeded',
  '55': 'an object is not in the state that is needed',
  '57': 'an operator intervened',
  '58': 'it met an error of its system',
  HV: 'a foreign server failed',
  P0: 'a function of the database raised an error',
  XX: 'it met an internal error',
};
