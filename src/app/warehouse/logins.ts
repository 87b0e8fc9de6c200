import { roleOf } from '../../access/rules.ts';
import { oneOf } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import { openPolicy, policyIfAny } from '../../pipeline/open-policy.ts';
import { readPublication } from '../../pipeline/publication.ts';
import { listedTables } from '../../pipeline/steps/load-warehouse.ts';
import type { Uses } from '../../ports/step.ts';
import type { KeptLogin, WarehouseLogins } from '../../ports/warehouse-access.ts';
import { loadWarehouse } from '../../warehouse/load.ts';

type Served = Uses<
  | 'campus'
  | 'catalog'
  | 'session'
  | 'features'
  | 'report'
  | 'clock'
  | 'engine'
  | 'objects'
  | 'ledger'
  | 'warehouse'
  | 'secrets'
>;

/** A login to add, as the entrance has been told of it. */
export interface LoginToAdd {
  readonly login: string;
  readonly role: string;
  /** Who uses it; the value of the attribute `person` where the role has one. */
  readonly person?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Default: that of the role, where it has one only. */
  readonly purpose?: string;
}

/**
 * Adds a login to the warehouse, with what its role sees.
 * @returns its password, which is kept nowhere
 * @throws InputError where the policy does not know the role, the login lacks what the role needs or its name is taken
 */
export async function addWarehouseLogin(lake: Served, asked: LoginToAdd): Promise<string> {
  const { policy } = await openPolicy(lake);
  const role = policy.roles.get(asked.role);
  const isPerson = asked.person !== undefined && role?.attributes.includes('person');
  const login = {
    login: asked.login,
    role: asked.role,
    purpose: asked.purpose ?? (role?.purposes.length === 1 ? role.purposes[0]! : ''),
    attributes: { ...(isPerson ? { person: asked.person } : {}), ...asked.attributes },
  };
  const { attributes } = roleOf(policy, { ...login, principal: login.login });
  if (asked.person !== undefined && !isPerson)
    throw new InputError(`The role ${asked.role} has no attribute "person".`, {
      hint: attributes.length > 0 ? `it has ${oneOf(attributes)}` : 'it is the same for everybody',
    });
  const password = await loginsOf(lake).add(login);
  await applyAccess(lake);
  return password;
}

/** The logins of the warehouse, and why those that are closed are. */
export const listWarehouseLogins = (lake: Pick<Served, 'platform'>): Promise<readonly KeptLogin[]> =>
  loginsOf(lake).list();

/** Ends a login and its sessions. @throws InputError where there is none */
export const removeWarehouseLogin = (lake: Pick<Served, 'platform'>, login: string): Promise<void> =>
  loginsOf(lake).remove(login);

/** Gives a login another password. @returns it @throws InputError where there is no such login */
export const rotateWarehouseLogin = (lake: Pick<Served, 'platform'>, login: string): Promise<string> =>
  loginsOf(lake).rotate(login);

/** Makes the warehouse hold to access.yaml as it is now, as each run does. */
export async function applyAccess(lake: Served): Promise<void> {
  const publication = await readPublication(lake.platform);
  if (!publication) return;
  const listed = listedTables(publication);
  await loadWarehouse(lake, { ...publication, listed }, undefined, await policyIfAny(lake));
}

function loginsOf({ platform }: Pick<Served, 'platform'>): WarehouseLogins {
  const { logins } = platform.warehouse;
  if (logins) return logins;
  throw new InputError('This warehouse has no logins of access.yaml.', {
    hint: 'they are for the PostgreSQL of `--target local`; docs/access.md says what each target enforces',
  });
}
