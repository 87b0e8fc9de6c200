import { createHmac, randomBytes } from 'node:crypto';
import { LakeError } from '../../errors.ts';
import { LedgerUnusableError } from '../../ports/errors.ts';
import type { Uses } from '../../ports/step.ts';
import { ADMINISTRATOR } from '../authorize.ts';
import { appendChained } from './chain.ts';
import { commitment, logKey, type PeopleSeen } from './people.ts';

/**
 * What became of it. `begun` comes before the first row of an answer that is not yet whole, and one of the others
 * follows with the same `access`; a `begun` without one is of a process that was killed. `reviewed` is said of an emergency.
 */
export type AccessOutcome = 'begun' | 'answered' | 'stopped' | 'failed' | 'refused' | 'reviewed';

/** By which way data left, or were asked for. */
export type AccessChannel =
  | 'query'
  | 'api'
  | 'explain'
  | 'export'
  | 'subject report'
  | 'erasure'
  | 'early warning'
  | 'quarantine'
  | 'warehouse'
  | 'athena'
  | 'break-glass';

/** One access, as whoever gives data out knows it. */
export interface AccessFacts {
  readonly channel: AccessChannel;
  readonly outcome: AccessOutcome;
  /** What joins the entries of one access; see `newAccess`. Default: its own. */
  readonly access?: string;
  /** When, epoch ms. Default: now. For what another log has kept. */
  readonly at?: number;
  /** Who, where it is not the lake's session: a login of the warehouse. */
  readonly principal?: string;
  /** The role that this person had there, and what for. */
  readonly role?: string;
  readonly purpose?: string;
  /** By `database.table`, the columns that were read. */
  readonly reads?: ReadonlyMap<string, readonly string[]>;
  readonly rows?: number;
  /** Whose rows were given out. Absent: nobody could tell. */
  readonly people?: PeopleSeen;
  /** Ids that the question names. Only what stands for them is kept. */
  readonly named?: readonly string[];
  /** The statement without its literals. Only what stands for it is kept. */
  readonly statement?: string;
  readonly publication?: string;
  /** A file, a folder, a page. */
  readonly destination?: string;
  /** The code of the error for which it was refused or failed; of an emergency or a decision, its reason in words. */
  readonly reason?: string;
}

/** What joins the entries of one access, and salts the people in them. */
export const newAccess = (): string => randomBytes(8).toString('hex');

/** A role asks, and the answer cannot be put on record. */
export class AccessNotRecordedError extends LakeError {
  override readonly exitCode: number = 1;
}

type Recording = Uses<'session' | 'access' | 'clock' | 'ledger'>;

/**
 * Puts an access on record, in `ops.access`. Called before data leave; a session under a role gets nothing that is not
 * on record.
 * @returns whether it is. The administrator, who can read the lake's files anyhow, also reads a lake that cannot be written
 * @throws AccessNotRecordedError where a role asks and the ledger cannot be written
 *
 * @example
 * ```ts
 * import type { Uses } from '../../ports/step.ts';
 * import { recordAccess } from './record-access.ts';
 *
 * const note = (lake: Uses<'session' | 'access' | 'clock' | 'ledger'>, student: string) =>
 *   recordAccess(lake, { channel: 'subject report', outcome: 'answered', named: [student], destination: 'report.html' });
 * ```
 */
export async function recordAccess(lake: Recording, facts: AccessFacts): Promise<boolean> {
  try {
    await appendChained(lake.platform.ledger, 'access', await fieldsOf(lake, facts));
    return true;
  } catch (error) {
    if (!(error instanceof LedgerUnusableError)) throw error;
    // What is refused is refused, on record or not.
    if (lake.session.role === ADMINISTRATOR || facts.outcome === 'refused') return false;
    throw new AccessNotRecordedError(
      `The role ${lake.session.role} gets no answer, since it cannot be put on record.`,
      {
        cause: error,
        about: 'ops.access',
        hint: error.hint ?? 'the ledger of the lake must be writable for whoever reads it as a role',
      },
    );
  }
}

async function fieldsOf({ session, access: rules, platform }: Recording, facts: AccessFacts) {
  const access = facts.access ?? newAccess();
  const { people, named = [], statement } = facts;
  const key = await logKey(platform.ledger);
  const reads = [...(facts.reads ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    access,
    at: new Date(facts.at ?? platform.clock.now()).toISOString(),
    channel: facts.channel,
    outcome: facts.outcome,
    reason: facts.reason ?? null,
    principal: facts.principal ?? session.principal,
    opened_by: session.openedBy ?? null,
    role: facts.role ?? session.role,
    purpose: facts.purpose ?? session.purpose,
    break_glass: session.breakGlass ?? null,
    tables: reads.map(([table]) => table).join(' ') || null,
    columns: reads.map(([table, columns]) => `${table}(${columns.join(' ')})`).join(' ') || null,
    rows: facts.rows ?? null,
    people: people?.count ?? null,
    people_digest: people?.digest(key) ?? null,
    people_listed: people?.listed(key, access) ?? null,
    named: [...new Set(named)].map((id) => commitment(key, access, id)).join(' ') || null,
    statement:
      statement === undefined ? null : createHmac('sha256', key).update(statement).digest('hex').slice(0, 32),
    publication: facts.publication ?? null,
    destination: facts.destination ?? null,
    policy: rules?.version ?? null,
  };
}
