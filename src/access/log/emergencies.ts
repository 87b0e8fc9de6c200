import { InputError } from '../../errors.ts';
import type { Session } from '../../ports/session.ts';
import type { Uses } from '../../ports/step.ts';
import type { PolicyRole } from '../policy.ts';
import { newAccess, recordAccess } from './record-access.ts';

/** A time in which a person reads the lake by the emergency role of their own. Instants are ISO 8601 UTC. */
export type Emergency = {
  readonly id: string;
  readonly principal: string;
  /** The role that the person has. */
  readonly from: string;
  /** The role that is active instead. */
  readonly role: string;
  /** The threat, in the words of the person. */
  readonly reason: string;
  readonly at: string;
  readonly until: string;
  /** What the steward has found. Absent: nobody has looked at it yet. */
  readonly finding?: string;
  readonly reviewer?: string;
};

type Keeping = Uses<'session' | 'access' | 'clock' | 'ledger'>;

const keyOf = (id: string) => `emergency/${id}`;
const HOUR = 3_600_000;

/**
 * Begins an emergency, or goes on with the one of the same person that has not ended. What a role sees then is what
 * access.yaml says of the emergency role: what was never loaded is not there, whatever the reason.
 * @param session of the person, with the role that this person has
 * @throws InputError where the role has none for emergencies, or no reason is given
 * @throws AccessNotRecordedError where it cannot be put on record
 */
export async function breakGlass(
  lake: Keeping,
  session: Session,
  role: PolicyRole,
  reason: string,
): Promise<Emergency> {
  if (!role.breakGlass)
    throw new InputError(`The role ${role.name} has no role for emergencies.`, {
      hint: `the steward can give it one with breakGlass: in access.yaml (${role.line})`,
    });
  if (reason.trim().length < 10)
    throw new InputError('An emergency needs a reason that the steward can judge.', {
      hint: 'write who is in danger of what, without more than is needed',
    });
  const { ledger, clock } = lake.platform;
  const now = clock.now();
  const open = (await emergencies(lake)).find(
    ({ principal, from, until }) =>
      principal === session.principal && from === role.name && Date.parse(until) > now,
  );
  if (open) return open;
  const emergency: Emergency = {
    id: newAccess(),
    principal: session.principal,
    from: role.name,
    role: role.breakGlass.role,
    reason,
    at: new Date(now).toISOString(),
    until: new Date(now + role.breakGlass.hours * HOUR).toISOString(),
  };
  const facts = { channel: 'break-glass', outcome: 'begun', access: emergency.id, reason } as const;
  await recordAccess({ ...lake, session: { ...session, breakGlass: emergency.id } }, facts);
  await ledger.write<Emergency>(keyOf(emergency.id), emergency, undefined);
  return emergency;
}

/** Every emergency, the newest first. */
export async function emergencies({ platform: { ledger } }: Uses<'ledger'>): Promise<Emergency[]> {
  const found = (await ledger.list<Emergency>('emergency/')).map(({ value }) => value);
  return found.sort((a, b) => (a.at < b.at ? 1 : -1));
}

/**
 * Puts on record what the steward thinks of an emergency.
 * @throws InputError where there is none of that id, or the person judges their own
 */
export async function reviewEmergency(lake: Keeping, id: string, finding: string): Promise<Emergency> {
  const { ledger } = lake.platform;
  const found = await ledger.read<Emergency>(keyOf(id));
  if (!found)
    throw new InputError(`There is no emergency "${id}".`, { hint: '`lake access break-glass` lists them' });
  const reviewer = lake.session.principal;
  if (found.value.principal === reviewer)
    throw new InputError('Nobody reviews an emergency of their own.', { hint: 'the data steward does' });
  const reviewed = { ...found.value, finding, reviewer };
  await recordAccess(lake, { channel: 'break-glass', outcome: 'reviewed', access: id, reason: finding });
  await ledger.write<Emergency>(keyOf(id), reviewed, found.version);
  return reviewed;
}
