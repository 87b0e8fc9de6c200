import { z } from 'zod';
import { ACCOUNT_ROLES } from '../sis/account-roles.ts';
import type { StackTemplate, TemplateResource } from '../synthesize.ts';

const networkSchema = z.strictObject({
  reach: z.enum(['vpn', 'existing', 'internet']),
  /** Addresses of a VPC of the lake's own. */
  cidr: z.string().optional(),
  /** A VPC that was there before. */
  vpc: z.string().optional(),
  /** The subnets in it. */
  subnets: z.array(z.string()).optional(),
});

/**
 * What is deployed in an account of one lake, as far as it decides what a change of campus.yaml leads to. Read from the
 * templates that were deployed, so that it is known of lakes of earlier versions too.
 */
export const deployedSchema = z.strictObject({
  format: z.literal(1),
  /** The lake's name. */
  lake: z.string(),
  account: z.string(),
  region: z.string(),
  /** Parts that are deployed: `storage`, `sis`, … */
  stacks: z.array(z.string()),
  databasePrefix: z.string().optional(),
  /** ARN of the key of everything that is stored. Absent: the lake has one of its own. */
  kmsKey: z.string().optional(),
  network: networkSchema.optional(),
  replication: z
    .strictObject({
      /** Names of the sources that DMS copies. */
      sources: z.array(z.string()),
      serverless: z.boolean(),
      storageGb: z.number().optional(),
      engine: z.string().optional(),
    })
    .optional(),
  warehouse: z.strictObject({ rpu: z.number(), maxRpu: z.number() }).optional(),
  /**
   * The lake in the second Region. Kept while anything of it may stand there: no stack of this Region tells of it once
   * nothing is copied any more.
   */
  recovery: z
    .strictObject({
      name: z.string(),
      region: z.string(),
      /** S3 copies zones there. */
      copies: z.boolean(),
    })
    .optional(),
  /** Who decides on tables. */
  accessMode: z.enum(['iam', 'hybrid', 'lake-formation']),
  /** Roles of DMS that were once made with this lake and are of no stack of theirs: they stayed when theirs went. */
  keptRoles: z.array(z.string()),
  /** Those of the stack `account`. */
  ownRoles: z.array(z.string()),
  /** Descriptions of the policies for people, by audience: another one would replace the policy. */
  policies: z.record(z.string(), z.string()),
  /** Roles that Lake Formation has granted tables, by the id of their grants. */
  grants: z.record(z.string(), z.string()),
  /** Types of columns, by table: those that a run had shown. Read where a group has a role of access.yaml. */
  tables: z.record(z.string(), z.record(z.string(), z.string())).optional(),
});

export type Deployed = z.infer<typeof deployedSchema>;

/** Where a lake is deployed. */
export type Whereabouts = Pick<Deployed, 'lake' | 'account' | 'region'>;

/** Templates by part of the lake: `storage`, `network`, … */
export type TemplatesByPart = ReadonlyMap<string, StackTemplate>;

type Properties = Readonly<Record<string, unknown>>;

/**
 * @param before what was known of it; what stays in an account without a stack is known from there only
 */
export function deployedOf(where: Whereabouts, templates: TemplatesByPart, before?: Deployed): Deployed {
  const resources = (part: string): TemplateResource[] => Object.values(templates.get(part)?.Resources ?? {});
  const of = (part: string, type: string): Properties[] =>
    resources(part)
      .filter(({ Type }) => Type === `AWS::${type}`)
      .map(({ Properties = {} }) => Properties);
  return {
    format: 1,
    ...where,
    stacks: [...templates.keys()].sort(),
    databasePrefix: prefixOf(of('storage', 'Glue::Database')),
    kmsKey: foreignKeyOf(of),
    network: templates.has('network') ? networkOf(of) : undefined,
    replication: templates.has('sis') ? replicationOf(where, of) : undefined,
    warehouse: warehouseOf(of('warehouse', 'RedshiftServerless::Workgroup')),
    recovery: recoveryOf(of('storage', 'S3::Bucket'), before),
    keptRoles: keptRoles(of, before),
    ownRoles: accountRolesIn(of, 'account'),
    accessMode: accessModeOf(of('access', 'LakeFormation::Resource')),
    grants: grantsOf(templates.get('access')),
    ...(before?.tables ? { tables: before.tables } : {}),
    policies: Object.fromEntries(
      of('access', 'IAM::ManagedPolicy').map(({ ManagedPolicyName, Description }) => [
        String(ManagedPolicyName).replace(`${where.lake}-`, ''),
        String(Description),
      ]),
    ),
  };
}

/** By where S3 copies the raw zone. */
function recoveryOf(buckets: readonly Properties[], before: Deployed | undefined): Deployed['recovery'] {
  for (const { ReplicationConfiguration } of buckets) {
    const text = JSON.stringify(ReplicationConfiguration ?? {});
    const [, name] = /:s3:::([a-z0-9-]+?)-raw-/.exec(text) ?? [];
    // The key by which it is encrypted there is of that Region.
    const [, region] = /"ReplicaKmsKeyID":.*?:kms:([a-z0-9-]+):/.exec(text) ?? [];
    if (name !== undefined && region !== undefined) return { name, region, copies: true };
  }
  return before?.recovery && { ...before.recovery, copies: false };
}

type ResourcesOf = (part: string, type: string) => Properties[];

/** Those of the stack of the SIS are from a version that had no stack for them. */
function keptRoles(of: ResourcesOf, before: Deployed | undefined): string[] {
  const own = new Set(accountRolesIn(of, 'account'));
  const all = [...(before?.keptRoles ?? []), ...(before?.ownRoles ?? []), ...accountRolesIn(of, 'sis')];
  return [...new Set(all)].filter((role) => !own.has(role)).sort();
}

function accountRolesIn(of: ResourcesOf, part: string): string[] {
  const named = of(part, 'IAM::Role').map(({ RoleName }) => String(RoleName));
  const linked = of(part, 'IAM::ServiceLinkedRole').map(({ AWSServiceName }) => String(AWSServiceName));
  return [...named.filter((name) => Object.hasOwn(ACCOUNT_ROLES, name)), ...linked];
}

/** Lake Formation has locations of its own where it decides. */
function accessModeOf([location]: readonly Properties[]): Deployed['accessMode'] {
  if (!location) return 'iam';
  return location.HybridAccessEnabled === true ? 'hybrid' : 'lake-formation';
}

/** Each has one for its tables, and one for each database. */
function grantsOf(access: StackTemplate | undefined): Record<string, string> {
  const grants: Record<string, string> = {};
  for (const [id, { Properties }] of Object.entries(access?.Resources ?? {})) {
    const [, of] = /^((?:Analyst|Steward)\w+)Tables$/.exec(id) ?? [];
    const { DataLakePrincipalIdentifier } = (Properties?.Principal ?? {}) as Record<string, unknown>;
    if (of !== undefined) grants[of] = String(DataLakePrincipalIdentifier);
  }
  return grants;
}

/** The one of every lake: `ops`, the ledger's. */
function prefixOf(databases: readonly Properties[]): string | undefined {
  const names = databases.map(({ DatabaseInput }) => (DatabaseInput as { Name: string }).Name);
  return names.find((name) => /(^|_)ops$/.test(name))?.replace(/ops$/, '');
}

/** The key of the buckets, where it is none of the lake's own. */
function foreignKeyOf(of: ResourcesOf): string | undefined {
  if (of('storage', 'KMS::Key').length > 0) return undefined;
  return of('storage', 'S3::Bucket')
    .map((bucket) => /"KMSMasterKeyID":"(arn:[^"]+)"/.exec(JSON.stringify(bucket))?.[1])
    .find((arn) => arn !== undefined);
}

function networkOf(of: ResourcesOf): Deployed['network'] {
  const [vpc] = of('network', 'EC2::VPC');
  if (vpc) {
    const reach = of('network', 'EC2::VPNGateway').length > 0 ? 'vpn' : 'internet';
    return { reach, cidr: String(vpc.CidrBlock) };
  }
  const [group] = of('network', 'EC2::SecurityGroup');
  const subnets = [
    ...of('sis', 'DMS::ReplicationSubnetGroup').map(({ SubnetIds }) => SubnetIds),
    ...of('warehouse', 'RedshiftServerless::Workgroup').map(({ SubnetIds }) => SubnetIds),
  ][0];
  return { reach: 'existing', vpc: String(group?.VpcId), subnets: subnets as string[] | undefined };
}

function replicationOf({ lake }: Whereabouts, of: ResourcesOf): Deployed['replication'] {
  const [instance] = of('sis', 'DMS::ReplicationInstance');
  const suffix = '-source';
  const sources = of('sis', 'DMS::Endpoint')
    .map(({ EndpointIdentifier }) => String(EndpointIdentifier))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(lake.length + 1, -suffix.length));
  return {
    sources: sources.sort(),
    serverless: instance === undefined,
    storageGb: instance?.AllocatedStorage as number | undefined,
    engine: instance?.EngineVersion as string | undefined,
  };
}

function warehouseOf([workgroup]: readonly Properties[]): Deployed['warehouse'] {
  if (!workgroup) return undefined;
  const { BaseCapacity, MaxCapacity } = workgroup as { BaseCapacity: number; MaxCapacity: number };
  return { rpu: BaseCapacity, maxRpu: MaxCapacity };
}
