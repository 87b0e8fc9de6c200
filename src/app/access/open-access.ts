import { breakGlass } from '../../access/log/emergencies.ts';
import { recordAccess } from '../../access/log/record-access.ts';
import { accessRules, roleOf } from '../../access/rules.ts';
import { openPolicy } from '../../pipeline/open-policy.ts';
import type { Session } from '../../ports/session.ts';
import type { Lake } from '../../ports/step.ts';

/** As whom a lake is read, as the entrance has learned it. */
export interface ReadAs {
  readonly role: string;
  /** Who asks; the value of the attribute `person` where the role has one. Default: who has opened the lake. */
  readonly principal?: string;
  /** Default: none. */
  readonly attributes?: Readonly<Record<string, string>>;
  /**
   * What an issuer has signed about who asks, for every role of theirs: the role takes the attributes that it has, and
   * `person` is one of them. Instead of `attributes`.
   */
  readonly claims?: Readonly<Record<string, string>>;
  /** Default: that of the role, where it has one only. */
  readonly purpose?: string;
  /** Why it is an emergency: then the lake is read by the role's `breakGlass`. Default: it is none. */
  readonly breakGlass?: string;
}

/**
 * The same lake, read as somebody else: everything that is read of it goes through the access policy.
 * @throws InputError where the policy does not know the role or the session lacks what it needs; as `openPolicy` does
 */
export async function readAs(
  lake: Lake,
  { role, principal, attributes, claims, purpose, breakGlass: reason }: ReadAs,
): Promise<Lake> {
  const { policy, known } = await openPolicy(lake);
  const found = policy.roles.get(role);
  const isPerson = principal !== undefined && found?.attributes.includes('person');
  const session: Session = {
    principal: principal ?? lake.session.principal,
    ...(principal !== undefined && principal !== lake.session.principal
      ? { openedBy: lake.session.principal }
      : {}),
    role,
    attributes: claims
      ? Object.fromEntries(Object.entries(claims).filter(([name]) => found?.attributes.includes(name)))
      : { ...(isPerson ? { person: principal } : {}), ...attributes },
    purpose: purpose ?? (found?.purposes.length === 1 ? found.purposes[0]! : ''),
  };
  const access = accessRules(policy, known);
  try {
    roleOf(policy, session);
  } catch (error) {
    const refused = { ...lake, session, access };
    if (lake.platform.target === 'local')
      await recordAccess(refused, { channel: 'query', outcome: 'refused', reason: 'no-session' });
    throw error;
  }
  if (reason === undefined) return { ...lake, session, access };
  const emergency = await breakGlass({ ...lake, access }, session, found!, reason);
  const other = policy.roles.get(emergency.role)!;
  const attributesOfOther = Object.entries(session.attributes).filter(([name]) =>
    other.attributes.includes(name),
  );
  const inEmergency: Session = {
    ...session,
    role: other.name,
    purpose: other.purposes[0]!,
    attributes: Object.fromEntries(attributesOfOther),
    breakGlass: emergency.id,
  };
  roleOf(policy, inEmergency);
  return { ...lake, session: inEmergency, access };
}
