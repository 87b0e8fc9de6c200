import { hasPolicy, loadPolicy } from '../access/load-policy.ts';
import { isKeyed, keysOf, type MaskContext } from '../access/mask-keys.ts';
import type { AccessPolicy, KnownTables, ShownBy } from '../access/policy.ts';
import { InputError } from '../errors.ts';
import { pseudonymKeys } from '../privacy/pseudonym-keys.ts';
import { type Described, knownTables, releasedTables } from './known-tables.ts';

/** The policy of a campus and the tables that it is about. */
export interface OpenPolicy {
  readonly policy: AccessPolicy;
  readonly known: KnownTables;
}

/**
 * @throws InputError where there is no access.yaml, and where it has keyed masks and the campus no key; CampusFileError
 * for its mistakes; SecretError where a key cannot be read
 */
export async function openPolicy(lake: Described): Promise<OpenPolicy> {
  const known = await knownTables(lake);
  const policy = await loadPolicy(lake.campus.root, known);
  const [released, masks] = [await releasedTables(lake), await masksOf(lake, policy)];
  return { policy: { ...policy, released, masks }, known };
}

/** The secret key is read only for a policy that needs one. */
async function masksOf(lake: Described, { roles }: AccessPolicy): Promise<MaskContext> {
  const year = new Date(lake.platform.clock.now()).getUTCFullYear();
  const lines = [...roles.values()].flatMap(({ classes, columns }): ShownBy[] => [
    ...classes.values(),
    ...columns.values(),
  ]);
  const keyed = lines.find(({ shown }) => isKeyed(shown));
  if (!keyed) return { year };
  const newest = (await pseudonymKeys(lake)).at(-1);
  if (newest) return { year, keyOf: keysOf(newest) };
  throw new InputError('A pseudonym and shifted dates need a secret key.', {
    about: keyed.line,
    hint: 'set privacy.key in campus.yaml to where it lies, such as { env: PRIVACY_KEY }',
  });
}

/** The same; undefined where there is no access.yaml. */
export async function policyIfAny(lake: Described): Promise<OpenPolicy | undefined> {
  return (await hasPolicy(lake.campus.root)) ? openPolicy(lake) : undefined;
}
