import {
  type LakeFormationClient,
  ListPermissionsCommand,
  type Permission,
  type PrincipalResourcePermissions,
  type Resource,
} from '@aws-sdk/client-lakeformation';
import { called } from '../errors.ts';

/** What one principal has on one database or table. */
export interface Granted {
  /** ARN, or one of Lake Formation's own names. */
  readonly principal: string;
  readonly database: string;
  /** Absent: the database itself, or all its tables. */
  readonly table?: string;
  /** Of all tables of the database, those of tomorrow included. */
  readonly isAllTables: boolean;
  /** As Lake Formation lists it, so that it can be taken back. */
  readonly resource: Resource;
  readonly permissions: Permission[];
}

/** Who has what on databases and tables of the catalog, as far as the caller may see it. */
export async function listGrants(client: LakeFormationClient, catalog: string): Promise<Granted[]> {
  const found: Granted[] = [];
  for (const ResourceType of ['DATABASE', 'TABLE'] as const) {
    let NextToken: string | undefined;
    do {
      const page = await called(
        'Listing the grants of Lake Formation',
        'lake-formation',
        client.send(new ListPermissionsCommand({ CatalogId: catalog, ResourceType, NextToken })),
      );
      found.push(...(page.PrincipalResourcePermissions ?? []).flatMap(grantOf));
      NextToken = page.NextToken;
    } while (NextToken);
  }
  return found;
}

function grantOf({
  Principal,
  Resource: resource,
  Permissions: permissions = [],
}: PrincipalResourcePermissions): Granted[] {
  const principal = Principal?.DataLakePrincipalIdentifier;
  if (!principal || !resource) return [];
  const { Database, Table = resource.TableWithColumns } = resource;
  if (Database?.Name)
    return [{ principal, database: Database.Name, isAllTables: false, resource, permissions }];
  if (!Table?.DatabaseName) return [];
  const isAllTables = 'TableWildcard' in Table || Table.Name === 'ALL_TABLES';
  return [
    {
      principal,
      database: Table.DatabaseName,
      ...(isAllTables ? {} : { table: Table.Name }),
      isAllTables,
      resource,
      permissions,
    },
  ];
}
