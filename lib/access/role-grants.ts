import { createHash } from 'node:crypto';
import type { CfnResource } from 'aws-cdk-lib';
import { CfnDataCellsFilter, CfnPrincipalPermissions } from 'aws-cdk-lib/aws-lakeformation';
import type { Construct } from 'constructs';
import type { FormationView } from '../../src/access/lake-formation-access.ts';
import { DeployError } from '../errors.ts';
import type { GroupPrincipal } from './group-ids.ts';
import type { GroupAccess } from './role-access.ts';

export interface RoleGrantsProps {
  readonly catalogId: string;
  /** Names of the Glue databases, by id. */
  readonly databases: ReadonlyMap<string, string>;
  readonly groups: readonly GroupAccess[];
  /** The keys of the tags: of the privacy classes, and of the databases. */
  readonly tags: { readonly privacy: string; readonly database: string };
  readonly principals: ReadonlyMap<string, GroupPrincipal>;
  /** Puts a resource after the one before: grants at the same time fail. */
  readonly next: <T extends CfnResource>(resource: T) => T;
}

/** The databases that groups see by tags, by their ids in the lake. */
export const taggedDatabases = (groups: readonly GroupAccess[]): ReadonlySet<string> =>
  new Set(groups.flatMap(({ tags }) => tags?.databases ?? []));

/** A template has 500 resources at most, and the rest of the stack needs some: two for each table of a group. */
const MOST_VIEWS = 180;

/**
 * What groups see: by tags where the class of a column decides alone, else table by table: a data cells filter with the role's columns and rows, and the grant of it. A filter
 * that is another has another name, so that nothing is taken back of one that stands: CloudFormation takes all that a
 * principal has on a resource when a grant goes.
 * @throws DeployError where the groups see more tables than one stack can hold
 */
export function roleGrants(scope: Construct, props: RoleGrantsProps): void {
  const { catalogId, databases, groups, tags: keys, principals, next } = props;
  const views = groups.reduce((sum, one) => sum + one.views.length, 0);
  if (views > MOST_VIEWS)
    throw new DeployError(
      `the groups of aws.access.groups see ${views} tables together, and one stack holds ${MOST_VIEWS}`,
      {
        about: 'aws.access.groups',
        hint: 'Leave out a role that sees nearly all tables, such as the steward: aws.access.stewards grants by privacy class.',
      },
    );
  for (const { group, role, purpose, tags, views } of groups) {
    const { arn, found } = principals.get(group)!;
    const base = {
      catalog: catalogId,
      principal: { dataLakePrincipalIdentifier: arn },
      permissionsWithGrantOption: [],
    };
    const grant = (id: string, permissions: string[], resource: CfnPrincipalPermissions.ResourceProperty) =>
      next(new CfnPrincipalPermissions(scope, id, { ...base, permissions, resource })).node.addDependency(
        found,
      );
    const of = `${role}-${purpose}`;
    const tagged = tags?.databases.filter((database) => databases.has(database)) ?? [];
    for (const database of new Set([...tagged, ...views.map(({ table }) => table.split('.')[0]!)])) {
      const name = databases.get(database);
      if (name !== undefined)
        grant(`Role-${of}-${database}`, ['DESCRIBE'], { database: { catalogId, name } });
    }
    if (tags && tagged.length > 0)
      grant(`Tagged-${of}`, ['SELECT', 'DESCRIBE'], {
        lfTagPolicy: {
          catalogId,
          resourceType: 'TABLE',
          expression: [
            { tagKey: keys.privacy, tagValues: [...tags.classes] },
            { tagKey: keys.database, tagValues: tagged },
          ],
        },
      });
    for (const view of views) {
      const [database = '', tableName = ''] = view.table.split('.');
      const databaseName = databases.get(database);
      if (databaseName === undefined) continue;
      const filter = next(
        new CfnDataCellsFilter(scope, `Filter-${of}-${view.table}`, {
          tableCatalogId: catalogId,
          databaseName,
          tableName,
          name: `${of}-${markOf(view)}`,
          columnNames: [...view.columns],
          rowFilter: view.rows === undefined ? { allRowsWildcard: {} } : { filterExpression: view.rows },
        }),
      );
      grant(`See-${of}-${view.table}`, ['SELECT'], {
        dataCellsFilter: { tableCatalogId: catalogId, databaseName, tableName, name: filter.name },
      });
    }
  }
}

const markOf = ({ columns, rows }: FormationView): string =>
  createHash('sha256')
    .update(JSON.stringify([columns, rows]))
    .digest('hex')
    .slice(0, 12);
