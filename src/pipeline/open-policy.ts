import { hasPolicy, loadPolicy } from '../access/load-policy.ts';
import type { AccessPolicy, KnownTables } from '../access/policy.ts';
import { type Described, knownTables, releasedTables } from './known-tables.ts';

/** The policy of a campus and the tables that it is about. */
export interface OpenPolicy {
  readonly policy: AccessPolicy;
  readonly known: KnownTables;
}

/** @throws InputError where there is no access.yaml; CampusFileError for its mistakes */
export async function openPolicy(lake: Described): Promise<OpenPolicy> {
  const known = await knownTables(lake);
  const policy = await loadPolicy(lake.campus.root, known);
  return { policy: { ...policy, released: await releasedTables(lake) }, known };
}

/** The same; undefined where there is no access.yaml. */
export async function policyIfAny(lake: Described): Promise<OpenPolicy | undefined> {
  return (await hasPolicy(lake.campus.root)) ? openPolicy(lake) : undefined;
}
