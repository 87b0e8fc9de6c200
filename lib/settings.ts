import { resolve } from 'node:path';
import { type AwsConfig, awsSchema, databasePrefixOf } from '../src/campus/aws-schema.ts';
import type { Campus, Catalog } from '../src/campus/campus.ts';
import type { DmsSourceConfig } from '../src/campus/campus-schema.ts';
import { didYouMean, oneOf } from '../src/campus/nearest.ts';
import { recoveryName } from '../src/campus/recovery-environment.ts';
import { isSis } from '../src/campus/source-role.ts';
import { modelsOfEngine } from '../src/models/engine.ts';
import type { RoleAccess } from './access/role-access.ts';
import type { Deployed } from './change/deployed.ts';
import { DeployError } from './errors.ts';

/** What differs between the profiles, in one place. */
const PROFILES = {
  frugal: {
    instance: 'dms.t3.micro',
    warehouse: false,
    rpuHoursPerDay: 2,
    queryLimitGb: 20,
    budget: 40,
    logRetentionDays: 30,
    encryptLogs: false,
    resultDays: 7,
    driftDays: 7,
  },
  standard: {
    instance: 'dms.t3.medium',
    warehouse: true,
    rpuHoursPerDay: 12,
    queryLimitGb: 200,
    budget: 400,
    logRetentionDays: 365,
    encryptLogs: true,
    resultDays: 30,
    driftDays: 1,
  },
} as const satisfies Record<Campus['profile'], object>;
const PROFILE_NAMES = Object.keys(PROFILES) as Campus['profile'][];

/** How the SIS is reached: over a VPN of the lake's own, through a VPC that is there, or over the internet by TLS. */
export type Reach = 'vpn' | 'existing' | 'internet';

/** campus.yaml with everything filled in that its profile decides. */
export interface Settings {
  readonly campus: Campus;
  readonly catalog: Catalog;
  readonly profile: Campus['profile'];
  /** Begins every name. */
  readonly name: string;
  readonly region?: string;
  readonly account?: string;
  readonly databasePrefix: string;
  /** Tags of every resource. */
  readonly tags: Readonly<Record<string, string>>;
  /** Name or ARN of the managed policy that bounds every role. */
  readonly permissionsBoundary?: string;
  /** ARN of the key of everything that is stored. Absent: one is made. */
  readonly kmsKey?: string;
  /** ARN of the key with which the account's Glue catalog is encrypted. */
  readonly catalogKey?: string;
  /** Datasets of a source that are worked on at once. */
  readonly tablesAtOnce: number;
  /** ARN of the key under which the secrets lie. Absent: AWS's own, with which everybody of the account may decrypt. */
  readonly secretsKey?: string;
  /** How often the team is reminded to change the secrets of the sources. Absent: never. */
  readonly secretReminderDays?: number;
  /** The sources that DMS copies, by name. */
  readonly sis: readonly (readonly [string, DmsSourceConfig])[];
  readonly network: {
    readonly reach: Reach;
    readonly range: string;
    readonly vpn?: NonNullable<NonNullable<AwsConfig['network']>['vpn']>;
    readonly existing?: NonNullable<NonNullable<AwsConfig['network']>['existing']>;
  };
  readonly replication: Required<
    Omit<Replication, 'engine' | 'certificates' | 'serverless' | 'followMinutes'>
  > &
    Pick<Replication, 'engine' | 'certificates' | 'serverless' | 'followMinutes'>;
  readonly warehouse: {
    readonly enabled: boolean;
    readonly rpu: number;
    readonly maxRpu: number;
    readonly rpuHoursPerDay: number;
  };
  /** The Spark job: what it is for, and how large it may become. Without models there is none. */
  readonly spark: { readonly models: readonly string[]; readonly workers: number; readonly minutes: number };
  readonly access: NonNullable<AwsConfig['access']>;
  /** What roles of access.yaml see by Lake Formation. Absent: no group has one. */
  readonly roleAccess?: RoleAccess;
  /** Where a trail of the account keeps who asked Athena. */
  readonly trail?: { readonly bucket: string; readonly prefix: string };
  /** Key of the tag by whose values, the privacy classes, Lake Formation decides. */
  readonly privacyTag: string;
  readonly queryLimitGb: number;
  readonly budget: number;
  readonly emails: readonly string[];
  readonly logRetentionDays: NonNullable<AwsConfig['logRetentionDays']>;
  /** Whether log groups lie under the lake's key. */
  readonly encryptLogs: boolean;
  /** The second Region, and the lake there. Absent: there is none. */
  readonly recovery?: SecondRegion;
  /** This is the lake of a second Region: its zones take what is copied from the first. Default: false */
  readonly standsBy?: true;
  /** Templates of fault experiments are deployed. */
  readonly faultExperiments: boolean;
  /** Days that a daily backup is kept. Absent: there are none. */
  readonly backupDays?: number;
  readonly resultDays: number;
  /** How often the raw files of the SIS are looked at for what the catalog does not know. */
  readonly driftDays: number;
  /** What is deployed of the lake, where it is known. */
  readonly deployed?: Deployed;
  /** Both switches are on: a teardown deletes data too. */
  readonly deletesData: boolean;
  /** Exactly one of them is. */
  readonly halfDeletesData: boolean;
}

type Replication = NonNullable<AwsConfig['replication']>;

/** Where a lake is copied to. */
export interface SecondRegion {
  readonly region: string;
  /** Begins the names there. */
  readonly name: string;
  /** Whether anything is copied there. Not any more: it is about to be given up. */
  readonly copies: boolean;
  /** Whether S3 promises a time for each file. */
  readonly replicationTime: boolean;
  /** ARN of the key there. Absent: one is made. */
  readonly kmsKey?: string;
}

/**
 * @param profile in place of the one in campus.yaml (`-c profile=standard`)
 * @throws DeployError for a profile that there is not
 * @param deployed what is deployed of the lake, where it is known
 * @param roleAccess what roles of access.yaml see by Lake Formation
 * @param deleteData the second of the two switches (`-c delete-data=<name>`): must repeat the lake's name
 */
export function settingsOf(
  { campus, catalog }: { campus: Campus; catalog: Catalog },
  {
    profile: asked = campus.profile,
    deleteData,
    deployed,
    roleAccess,
  }: { profile?: string; deleteData?: string; deployed?: Deployed; roleAccess?: RoleAccess } = {},
): Settings {
  const aws = campus.aws ?? awsSchema.parse({});
  const profile = PROFILE_NAMES.find((name) => name === asked);
  if (!profile)
    throw new DeployError(`there is no profile "${asked}"${didYouMean(asked, PROFILE_NAMES)}`, {
      about: 'profile',
      hint: `Choose ${oneOf(PROFILE_NAMES)}.`,
    });
  const defaults = PROFILES[profile];
  const second = deleteData === aws.name;
  return {
    campus,
    catalog,
    profile,
    name: aws.name,
    region: aws.region,
    account: aws.account,
    // A lake that stands keeps the one it has: its tables are in those databases.
    databasePrefix: aws.databasePrefix ?? deployed?.databasePrefix ?? databasePrefixOf(aws),
    tags: aws.tags,
    permissionsBoundary: aws.permissionsBoundary,
    kmsKey: aws.kmsKey,
    catalogKey: aws.catalogKey,
    tablesAtOnce: aws.tablesAtOnce,
    ...(aws.secretsKey === undefined ? {} : { secretsKey: aws.secretsKey }),
    ...(aws.secretReminderDays === undefined ? {} : { secretReminderDays: aws.secretReminderDays }),
    sis: Object.entries(campus.sources).flatMap(([name, source]) =>
      isSis(source) ? [[name, source] as const] : [],
    ),
    network: networkOf(aws),
    replication: {
      tablesPerTask: 500,
      reloadDays: 28,
      accountRoles: 'create',
      ...aws.replication,
      instance: aws.replication?.instance ?? defaults.instance,
      storageGb: aws.replication?.storageGb ?? 50,
    },
    warehouse: {
      rpu: aws.warehouse?.rpu ?? 4,
      maxRpu: aws.warehouse?.maxRpu ?? 8,
      enabled: aws.warehouse?.enabled ?? defaults.warehouse,
      rpuHoursPerDay: aws.warehouse?.rpuHoursPerDay ?? defaults.rpuHoursPerDay,
    },
    spark: {
      models: modelsOfEngine('glue', resolve(campus.root, campus.models)),
      workers: aws.spark?.workers ?? 2,
      minutes: aws.spark?.timeoutMinutes ?? 120,
    },
    access: aws.access ?? { mode: 'iam', analysts: [], stewards: [], admins: [], groups: {} },
    ...(roleAccess ? { roleAccess } : {}),
    ...(aws.cloudTrail ? { trail: aws.cloudTrail } : {}),
    queryLimitGb: aws.queryLimitGb ?? defaults.queryLimitGb,
    privacyTag: `${aws.name}-privacy`,
    budget: aws.budget ?? defaults.budget,
    emails: aws.alarmEmails,
    logRetentionDays: aws.logRetentionDays ?? defaults.logRetentionDays,
    encryptLogs: aws.encryptLogs ?? defaults.encryptLogs,
    ...(aws.recovery ? { recovery: secondRegionOf(aws.name, aws.recovery) } : {}),
    ...(aws.recoveryOf ? { standsBy: true as const } : {}),
    ...(aws.backup ? { backupDays: aws.backup.keepDays } : {}),
    faultExperiments: aws.faultExperiments,
    resultDays: defaults.resultDays,
    driftDays: defaults.driftDays,
    deployed,
    deletesData: aws.deleteData && second,
    halfDeletesData: aws.deleteData !== second,
  };
}

const secondRegionOf = (name: string, recovery: NonNullable<AwsConfig['recovery']>): SecondRegion => ({
  region: recovery.region,
  name: recoveryName(name, recovery),
  copies: recovery.copies,
  replicationTime: recovery.replicationTime,
  ...(recovery.kmsKey === undefined ? {} : { kmsKey: recovery.kmsKey }),
});

/**
 * The lake in the second Region while it stands by: its data, and nothing that works.
 * @returns undefined where there is none, or where it is given up: nothing makes again what is taken down there
 */
export function standingBy(settings: Settings): Settings | undefined {
  const { recovery } = settings;
  if (!recovery?.copies) return undefined;
  const { recovery: _first, backupDays: _days, deployed: _deployed, kmsKey: _key, ...same } = settings;
  return {
    ...same,
    name: recovery.name,
    region: recovery.region,
    ...(recovery.kmsKey === undefined ? {} : { kmsKey: recovery.kmsKey }),
    standsBy: true,
  };
}

function networkOf({ network }: AwsConfig): Settings['network'] {
  const range = network?.cidr ?? '10.80.0.0/22';
  if (network?.existing) return { reach: 'existing', range, existing: network.existing };
  if (network?.vpn) return { reach: 'vpn', range, vpn: network.vpn };
  return { reach: 'internet', range };
}
