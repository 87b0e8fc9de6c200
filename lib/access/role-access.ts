import type { FormationGap, FormationTags, FormationView } from '../../src/access/lake-formation-access.ts';
import type { LakeType } from '../../src/campus/lake-type.ts';
import type { LoadedCampus } from '../../src/campus/load.ts';
import { didYouMean, oneOf } from '../../src/campus/nearest.ts';
import { addedTables } from '../../src/ports/feature.ts';
import type { TableSet } from '../../src/ports/tables.ts';
import type { Deployed } from '../change/deployed.ts';
import { DeployError } from '../errors.ts';

/** What a group of IAM Identity Center sees: the tables of a role under a purpose. */
export interface GroupAccess {
  /** As Identity Center shows it. */
  readonly group: string;
  readonly role: string;
  readonly purpose: string;
  /** What it sees by the class of columns alone. Absent: nothing. */
  readonly tags?: FormationTags;
  readonly views: readonly FormationView[];
  readonly gaps: readonly FormationGap[];
}

export interface RoleAccess {
  readonly groups: readonly GroupAccess[];
  /** Whether it is known which tables there are. */
  readonly isTableKnown: boolean;
}

/**
 * What the groups of `aws.access.groups` see by access.yaml, of the tables that `lake plan` has recorded: Lake Formation
 * takes no grant of a table that there is not yet.
 * @returns undefined where no group has a role
 * @throws DeployError for groups that cannot be let in; CampusFileError for mistakes in access.yaml
 */
export async function roleAccessOf(
  { campus, catalog }: LoadedCampus,
  deployed: Deployed | undefined,
): Promise<RoleAccess | undefined> {
  const access = campus.aws?.access;
  const named = Object.entries(access?.groups ?? {});
  if (!access || named.length === 0) return undefined;
  if (access.identityStore === undefined)
    throw new DeployError(
      'aws.access.groups names groups, and no aws.access.identityStore says where they are',
      {
        about: 'aws.access',
        hint: 'Write the id of the identity store: IAM Identity Center, Settings, Identity source.',
      },
    );
  const twice = named.find(([, group], i) => named.findIndex(([, other]) => other === group) < i);
  if (twice)
    throw new DeployError(
      `the group "${twice[1]}" has two roles, and Lake Formation would add up what they see`,
      {
        about: 'aws.access.groups',
        hint: 'Give each role a group of its own, and nobody two of them.',
      },
    );
  // Only here: most lakes have no groups, and need not read all of this to be deployed.
  const [{ loadPolicy }, { lakeFormationAccess }, { describedColumns }, { FEATURES }, ops] =
    await Promise.all([
      import('../../src/access/load-policy.ts'),
      import('../../src/access/lake-formation-access.ts'),
      import('../../src/pipeline/described-columns.ts'),
      import('../../src/features.ts'),
      import('../../src/platform/ops-columns.ts'),
    ]);
  const known = await describedColumns(
    { campus, catalog, features: FEATURES },
    ops.opsColumns(addedTables(FEATURES)),
  );
  const policy = await loadPolicy(campus.root, known);
  const { tags, views, gaps } = lakeFormationAccess(policy, known, tablesOf(deployed));
  const groups = named.map(([key, group]): GroupAccess => {
    const [name = '', asked] = key.split('/');
    const role = policy.roles.get(name);
    if (!role)
      throw new DeployError(
        `aws.access.groups names the role "${name}"${didYouMean(name, policy.roles.keys())}`,
        {
          about: 'aws.access.groups',
          hint: `access.yaml has ${oneOf([...policy.roles.keys()])}.`,
        },
      );
    const purpose = asked ?? role.purposes[0] ?? '';
    if (!role.purposes.includes(purpose))
      throw new DeployError(`aws.access.groups: the role ${name} has no purpose "${purpose}"`, {
        about: 'aws.access.groups',
        hint: `Its purposes are ${oneOf(role.purposes)} (${role.line}).`,
      });
    const isOf = (one: FormationGap | FormationTags | FormationView) =>
      one.role === name && one.purpose === purpose;
    return {
      ...{ group, role: name, purpose },
      ...(tags.some(isOf) ? { tags: tags.find(isOf) } : {}),
      views: views.filter(isOf),
      gaps: gaps.filter(isOf),
    };
  });
  return { groups, isTableKnown: deployed?.tables !== undefined };
}

const tablesOf = (deployed: Deployed | undefined): TableSet =>
  Object.fromEntries(
    Object.entries(deployed?.tables ?? {}).map(([table, columns]) => [
      table,
      {
        table,
        columns: Object.entries(columns).map(([name, type]) => ({ name, type: type as LakeType })),
        rows: 0,
        storage: {},
      },
    ]),
  );
