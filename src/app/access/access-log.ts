import { type ChainedTable, type ChainVerdict, chainedRows, verifyChain } from '../../access/log/chain.ts';
import { commitment, logKey } from '../../access/log/people.ts';
import { InputError } from '../../errors.ts';
import type { OpsRow } from '../../ports/ledger.ts';
import type { Uses } from '../../ports/step.ts';

/** One access, its entries joined. */
export interface LoggedAccess {
  /** ISO 8601 UTC, of its first entry. */
  readonly at: string;
  readonly access: string;
  readonly channel: string;
  /** `begun` where the process was killed before it ended: rows may have been given out. */
  readonly outcome: string;
  readonly reason?: string;
  readonly principal: string;
  readonly openedBy?: string;
  readonly role: string;
  readonly purpose: string;
  readonly breakGlass?: string;
  readonly tables: readonly string[];
  /** `database.table(column column)`, each. */
  readonly columns?: string;
  readonly rows?: number;
  readonly people?: number;
  readonly destination?: string;
  readonly policy?: string;
  /**
   * How the person that was asked after is in it. `shown`: an id of the person was in the answer; `named`: in the
   * question; `possibly`: rows were given out of which nobody could tell whose they are, or of more people than are listed.
   */
  readonly about?: 'shown' | 'named' | 'possibly';
}

export interface LogQuestion {
  /** The ids of one person: accesses that were, or may have been, about this person. Default: all accesses. */
  readonly student?: readonly string[];
  /** ISO 8601 UTC, a day at least. Default: from the start. */
  readonly since?: string;
}

/**
 * Who has read the lake, newest first. An access in several entries is one.
 * @throws InputError for an instant that is none, and for an empty id
 */
export async function accessLog(
  lake: Uses<'ledger'>,
  { student, since }: LogQuestion = {},
): Promise<LoggedAccess[]> {
  const from = since === undefined ? 0 : instantOf(since);
  if (student?.some((id) => id.trim() === ''))
    throw new InputError('An empty id names nobody.', { hint: 'give all ids of one person' });
  const { ledger } = lake.platform;
  const joined = new Map<string, OpsRow>();
  for (const row of await chainedRows(ledger, 'access')) {
    const access = String(row.access);
    const before = joined.get(access);
    joined.set(access, before ? { ...before, ...filled(row), at: before.at! } : row);
  }
  const key = student === undefined ? undefined : await logKey(ledger);
  const found: LoggedAccess[] = [];
  for (const row of joined.values()) {
    if (Date.parse(String(row.at)) < from) continue;
    const about = key && student && aboutOf(row, student, key);
    if (key === undefined || about !== undefined)
      found.push({ ...loggedOf(row), ...(about ? { about } : {}) });
  }
  return found.reverse();
}

function instantOf(text: string): number {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new InputError(`"${text}" is no day.`, {
    hint: 'write a day such as 2026-11-30, or a time such as 2026-11-30T08:00Z',
  });
}

function aboutOf(row: OpsRow, ids: readonly string[], key: Buffer): LoggedAccess['about'] | undefined {
  const salt = String(row.access);
  const own = ids.map((id) => commitment(key, salt, id));
  const isIn = (list: unknown) =>
    typeof list === 'string' && own.some((one) => list.split(' ').includes(one));
  if (isIn(row.people_listed)) return 'shown';
  if (isIn(row.named)) return 'named';
  const gaveRows = row.outcome !== 'refused' && row.rows !== 0 && String(row.tables ?? '').length > 0;
  const isTold = row.people_listed !== null && row.people_listed !== undefined;
  const onlyLedger = String(row.tables ?? '')
    .split(' ')
    .every((table) => table.startsWith('ops.'));
  return gaveRows && !isTold && !onlyLedger ? 'possibly' : undefined;
}

const filled = (row: OpsRow): Partial<OpsRow> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined));

function loggedOf(row: OpsRow): LoggedAccess {
  const text = (name: string) => (typeof row[name] === 'string' ? (row[name] as string) : undefined);
  const number = (name: string) =>
    row[name] === null || row[name] === undefined ? undefined : Number(row[name]);
  return {
    at: new Date(String(row.at)).toISOString(),
    access: String(row.access),
    channel: String(row.channel),
    outcome: String(row.outcome),
    reason: text('reason'),
    principal: String(row.principal),
    openedBy: text('opened_by'),
    role: String(row.role),
    purpose: String(row.purpose ?? ''),
    breakGlass: text('break_glass'),
    tables: text('tables')?.split(' ') ?? [],
    columns: text('columns'),
    rows: number('rows'),
    people: number('people'),
    destination: text('destination'),
    policy: text('policy'),
  };
}

/**
 * Checks a log of the lake against changes.
 * @param checkpoint the end of the log at an earlier time, as an earlier check gave it
 * @throws InputError for a text that is no checkpoint
 */
export async function verifyLog(
  lake: Uses<'ledger'>,
  table: ChainedTable,
  checkpoint?: string,
): Promise<ChainVerdict> {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(checkpoint ?? '') ?? [];
  if (checkpoint !== undefined && hash === undefined)
    throw new InputError('This is no checkpoint.', {
      hint: '`lake access log verify` prints one, such as 17:9f86d0…',
    });
  return verifyChain(
    lake.platform.ledger,
    table,
    hash === undefined ? undefined : { seq: Number(seq), hash },
  );
}
