import { CAMPUS } from '../../../infra/campus.ts';

/** A change of campus.yaml that people make. */
export interface Cell {
  /** What of campus.yaml changes, as the page names it. */
  readonly key: string;
  readonly change: string;
  readonly before: object;
  readonly after: object;
  /** Why synth stops it, where the schemas of CloudFormation would let it pass. */
  readonly beyond?: string;
}

type Aws = Record<string, unknown>;

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const { overInternet: _, ...privately } = CAMPUS.sources.sis;
const { canvas, sis } = CAMPUS.sources;

/** A campus.yaml; a VPN or a VPC that is there needs no public address. */
const standard = (aws: Aws = {}, rest: object = {}) => ({ ...CAMPUS, profile: 'standard', aws, ...rest });
const frugal = (aws: Aws = {}, rest: object = {}) => ({ ...CAMPUS, aws, ...rest });
const withSources = (sources: object, aws: Aws = {}) => frugal(aws, { sources: { canvas, ...sources } });

const vpn = { gateway: '203.0.113.7', cidrs: ['10.20.0.0/16'] };
const existing = { vpc: 'vpc-0abc1234', subnets: ['subnet-0abc1234', 'subnet-0abc1235'] };
const overVpn = (over: Aws = {}) => standard({ network: { vpn, ...over } });
const people = { analysts: [role('ann'), role('bob')], stewards: [role('steward')], admins: [role('admin')] };
const GROUPS = { identityStore: 'd-1234567890', groups: { registrar: 'Registrar' } };
const access = (mode: string, over: Aws = {}) => standard({ access: { mode, ...people, ...over } });
const replication = (over: Aws = {}) => frugal({ replication: over });
const warehouse = (over: Aws = {}) => standard({ warehouse: over });
const housing = {
  ...sis,
  kind: 'sqlserver',
  ssl: 'disable',
  password: { secretsManager: 'riverbend/housing' },
};
const serverless = { serverless: { minDcu: 1, maxDcu: 4 } };
const changes = { ...sis, replication: 'full-load-and-cdc' };

const both = (key: string, there: string, back: string, a: object, b: object, beyond?: string): Cell[] => [
  { key, change: there, before: a, after: b, beyond },
  { key, change: back, before: b, after: a, beyond },
];
const one = (key: string, change: string, before: object, after: object, beyond?: string): Cell[] => [
  { key, change, before, after, beyond },
];

const TASKS = 'tasks of DMS hold it';
const ANOTHER = 'it is another lake';

/** Every key that reaches a template, each direction that people take, and pairs. */
export const CELLS: readonly Cell[] = [
  ...one('name', 'another display name', standard(), standard({}, { name: 'Riverbend University' })),
  ...one('timeZone', 'another time zone', standard(), standard({}, { timeZone: 'America/Denver' })),
  ...one('schedule.at', 'another hour', standard(), standard({}, { schedule: { at: '04:15' } })),
  ...both('profile', 'frugal to standard', 'standard to frugal', frugal(), standard()),

  ...one('sources', 'a second SIS', frugal(), withSources({ sis, housing })),
  ...one('sources', 'one of two SIS removed', withSources({ sis, housing }), frugal(), TASKS),
  ...one('sources', 'a SIS renamed', frugal(), withSources({ banner: sis }), TASKS),
  ...both('sources', 'the first SIS', 'the last SIS removed', withSources({}), frugal()),
  ...one('sources', 'Canvas removed', frugal(), frugal({}, { sources: { sis } })),
  ...one(
    'sources',
    'another kind of database',
    frugal(),
    withSources({ sis: { ...sis, kind: 'oracle', ssl: 'disable' } }),
  ),
  ...one('sources', 'another port', overVpn(), {
    ...overVpn(),
    sources: { canvas, sis: { ...privately, port: 6432 } },
  }),
  ...one('sources', 'TLS off', frugal(), withSources({ sis: { ...sis, ssl: 'disable' } })),
  ...both('sources', 'full load to changes', 'changes to full load', frugal(), withSources({ sis: changes })),
  ...one(
    'sources',
    'a heartbeat',
    withSources({ sis: changes }),
    withSources({ sis: { ...changes, heartbeat: { schema: 'public', minutes: 5 } } }),
  ),
  ...one('warehouse', 'another reader', standard(), standard({}, { warehouse: { readOnlyUser: 'tableau' } })),

  ...one('aws.name', 'another name', standard(), standard({ name: 'riverbend' }), ANOTHER),
  ...one(
    'aws.account',
    'another account',
    standard({ account: '123456789012' }),
    standard({ account: '210987654321' }),
    ANOTHER,
  ),
  ...one(
    'aws.region',
    'another region',
    standard({ region: 'us-east-1' }),
    standard({ region: 'us-east-2' }),
    ANOTHER,
  ),
  ...both(
    'aws.databasePrefix',
    'a prefix',
    'the prefix left out',
    standard(),
    standard({ databasePrefix: 'riverbend_' }),
    ANOTHER,
  ),

  ...both(
    'aws.kmsKey',
    'a key of the college',
    "back to the lake's own key",
    standard(),
    standard({ kmsKey: 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001' }),
  ),
  ...both(
    'aws.catalogKey',
    'the catalog is encrypted',
    'the catalog is encrypted no longer',
    standard(),
    standard({ catalogKey: 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000002' }),
  ),
  ...both(
    'aws.tags',
    'a tag',
    'a tag fewer',
    overVpn(),
    standard({ network: { vpn }, tags: { team: 'research' } }),
  ),
  ...both(
    'aws.permissionsBoundary',
    'a boundary',
    'no boundary',
    standard(),
    standard({ permissionsBoundary: 'college-boundary' }),
  ),

  ...both('aws.network', 'over the internet to a VPN', 'a VPN to over the internet', standard(), overVpn()),
  ...both(
    'aws.network',
    'a VPN to a VPC that is there',
    'a VPC that is there to a VPN',
    overVpn(),
    standard({ network: { existing } }),
  ),
  ...one(
    'aws.network',
    'over the internet to a VPC that is there',
    standard(),
    standard({ network: { existing } }),
  ),
  ...one(
    'aws.network.existing',
    'another VPC',
    standard({ network: { existing } }),
    standard({
      network: { existing: { vpc: 'vpc-0def5678', subnets: ['subnet-0def5678', 'subnet-0def5679'] } },
    }),
  ),
  ...one(
    'aws.network.existing',
    'other subnets',
    standard({ network: { existing } }),
    standard({ network: { existing: { ...existing, subnets: ['subnet-0def5678', 'subnet-0def5679'] } } }),
    'DMS and the warehouse are in use there',
  ),
  ...one('aws.network.cidr', 'other addresses', standard(), standard({ network: { cidr: '10.90.0.0/22' } })),
  ...one('aws.network.cidr', 'other addresses, with a VPN', overVpn(), overVpn({ cidr: '10.90.0.0/22' })),
  ...one(
    'aws.network.vpn',
    'another device on campus',
    overVpn(),
    overVpn({ vpn: { ...vpn, gateway: '203.0.113.99' } }),
  ),
  ...one('aws.network.vpn', 'another BGP number', overVpn(), overVpn({ vpn: { ...vpn, asn: 65_010 } })),
  ...both(
    'aws.network.vpn',
    'a second range on campus',
    'one range fewer',
    overVpn(),
    overVpn({ vpn: { ...vpn, cidrs: ['10.10.0.0/16', '10.20.0.0/16'] } }),
  ),

  ...both(
    'aws.replication.instance',
    'a larger class',
    'a smaller class',
    replication(),
    replication({ instance: 'dms.c5.large' }),
  ),
  ...both(
    'aws.replication.storageGb',
    'a larger disk',
    'a smaller disk',
    replication(),
    replication({ storageGb: 100 }),
  ),
  ...both(
    'aws.replication.engine',
    'a newer engine',
    'an older engine',
    replication({ engine: '3.5.4' }),
    replication({ engine: '3.6.1' }),
  ),
  ...both(
    'aws.replication.serverless',
    'an instance to serverless',
    'serverless to an instance',
    overVpn(),
    { ...overVpn(), aws: { network: { vpn }, replication: serverless } },
    TASKS,
  ),
  ...one(
    'aws.replication.serverless',
    'more capacity',
    standard({ network: { vpn }, replication: serverless }),
    standard({ network: { vpn }, replication: { serverless: { minDcu: 2, maxDcu: 16 } } }),
  ),
  ...one(
    'aws.replication.tablesPerTask',
    'fewer tables a task',
    replication(),
    replication({ tablesPerTask: 1 }),
  ),
  ...one(
    'aws.replication.reloadDays',
    'reloads more often',
    withSources({ sis: changes }),
    withSources({ sis: changes }, { replication: { reloadDays: 7 } }),
  ),
  ...both(
    'aws.replication.followMinutes',
    'changes are followed between runs',
    'changes are followed by runs only',
    withSources({ sis: changes }),
    withSources({ sis: changes }, { replication: { followMinutes: 15 } }),
  ),
  ...one(
    'aws.replication.followMinutes',
    'more often',
    withSources({ sis: changes }, { replication: { followMinutes: 60 } }),
    withSources({ sis: changes }, { replication: { followMinutes: 5 } }),
  ),
  ...both(
    'aws.replication.certificates',
    'a certificate',
    'no certificate',
    frugal(),
    withSources(
      { sis: { ...sis, ssl: 'verify-full' } },
      { replication: { certificates: { sis: 'LICENSE' } } },
    ),
  ),
  ...one(
    'aws.replication.certificates',
    'a renewed certificate',
    withSources(
      { sis: { ...sis, ssl: 'verify-full' } },
      { replication: { certificates: { sis: 'LICENSE' } } },
    ),
    withSources(
      { sis: { ...sis, ssl: 'verify-full' } },
      { replication: { certificates: { sis: 'SECURITY.md' } } },
    ),
  ),
  ...both(
    'aws.replication.accountRoles',
    'create to exist',
    'exist to create',
    replication(),
    replication({ accountRoles: 'exist' }),
  ),

  ...both(
    'aws.warehouse.enabled',
    'a warehouse',
    'no warehouse',
    frugal(),
    frugal({ warehouse: { enabled: true } }),
  ),
  ...both('aws.warehouse.rpu', '4 to 8 RPU', '8 to 4 RPU', warehouse(), warehouse({ rpu: 8 })),
  ...one(
    'aws.warehouse.rpu',
    '16 to 8 RPU',
    warehouse({ rpu: 16, maxRpu: 32 }),
    warehouse({ rpu: 8, maxRpu: 32 }),
  ),
  ...one('aws.warehouse.maxRpu', 'more at most', warehouse(), warehouse({ maxRpu: 32 })),
  ...both(
    'aws.warehouse.rpu, maxRpu',
    'both larger',
    'both smaller',
    warehouse({ rpu: 8 }),
    warehouse({ rpu: 16, maxRpu: 32 }),
  ),
  ...one(
    'aws.warehouse.rpuHoursPerDay',
    'another daily limit',
    warehouse(),
    warehouse({ rpuHoursPerDay: 6 }),
  ),
  ...one('aws.warehouse.rpu, rpuHoursPerDay', 'both', warehouse(), warehouse({ rpu: 8, rpuHoursPerDay: 6 })),

  ...both(
    'aws.access.mode',
    'iam to lake-formation',
    'lake-formation to iam',
    access('iam'),
    access('lake-formation'),
    'a run opens the tables first',
  ),
  ...both(
    'aws.access.mode',
    'iam to hybrid',
    'hybrid to lake-formation',
    access('iam'),
    access('hybrid'),
  ).slice(0, 1),
  ...both(
    'aws.access.mode',
    'hybrid to lake-formation',
    'lake-formation to hybrid',
    access('hybrid'),
    access('lake-formation'),
  ),
  ...both(
    'aws.access.analysts',
    'the first of two leaves',
    'one more, named first',
    access('lake-formation'),
    access('lake-formation', { analysts: [role('bob')] }),
  ),
  ...one(
    'aws.access.stewards',
    'another steward',
    access('lake-formation'),
    access('lake-formation', { stewards: [role('dean')] }),
  ),
  ...one(
    'aws.access.admins',
    'another administrator',
    access('lake-formation'),
    access('lake-formation', { admins: [role('admin'), role('deployer')] }),
  ),

  ...both(
    'aws.access.groups',
    'a group for a role',
    'no group',
    access('lake-formation'),
    access('lake-formation', GROUPS),
  ),
  ...one(
    'aws.access.groups',
    'another group for a role, with other rows',
    access('lake-formation', GROUPS),
    access('lake-formation', { ...GROUPS, groups: { registrar: 'Registrar Office' } }),
  ),
  ...one(
    'aws.access.groups',
    'a second group',
    access('lake-formation', GROUPS),
    access('lake-formation', { ...GROUPS, groups: { ...GROUPS.groups, financial_aid: 'Aid' } }),
  ),

  ...one('aws.cloudTrail', 'a trail', standard(), standard({ cloudTrail: { bucket: 'college-trail' } })),

  ...one('aws.queryLimitGb', 'another limit', standard(), standard({ queryLimitGb: 50 })),
  ...one('aws.budget', 'another budget', standard(), standard({ budget: 250 })),
  ...both(
    'aws.alarmEmails',
    'an address',
    'an address fewer',
    standard(),
    standard({ alarmEmails: ['team@riverbend.example'] }),
  ),
  ...one(
    'aws.alarmEmails',
    'another address',
    standard({ alarmEmails: ['a@riverbend.example'] }),
    standard({ alarmEmails: ['b@riverbend.example'] }),
  ),
  ...one('aws.logRetentionDays', 'logs are kept longer', frugal(), frugal({ logRetentionDays: 365 })),
  ...both(
    'aws.encryptLogs',
    "logs under the lake's key",
    "logs under CloudWatch's own key",
    frugal(),
    frugal({ encryptLogs: true }),
  ),
  ...one('aws.deleteData', 'the switch alone', standard(), standard({ deleteData: true })),

  ...both(
    'aws.recovery',
    'a second Region',
    'no second Region',
    standard({ region: 'us-east-1' }),
    standard({ region: 'us-east-1', recovery: { region: 'us-west-2' } }),
  ),
  ...one(
    'aws.recovery',
    'another second Region',
    standard({ region: 'us-east-1', recovery: { region: 'us-west-2' } }),
    standard({ region: 'us-east-1', recovery: { region: 'us-east-2' } }),
    'no command would reach what stands in the first one',
  ),
  ...both(
    'aws.recovery.copies',
    'nothing is copied any more',
    'copied again',
    standard({ region: 'us-east-1', recovery: { region: 'us-west-2' } }),
    standard({ region: 'us-east-1', recovery: { region: 'us-west-2', copies: false } }),
  ),
  ...one(
    'aws.recovery.replicationTime',
    'S3 promises a time',
    standard({ region: 'us-east-1', recovery: { region: 'us-west-2' } }),
    standard({ region: 'us-east-1', recovery: { region: 'us-west-2', replicationTime: true } }),
  ),
  ...both(
    'aws.secretReminderDays',
    'a reminder',
    'no reminder',
    frugal(),
    frugal({ secretReminderDays: 90 }),
  ),
  ...both('aws.backup', 'daily backups', 'no daily backups', frugal(), frugal({ backup: {} })),
  ...one(
    'aws.backup.keepDays',
    'backups are kept longer',
    frugal({ backup: {} }),
    frugal({ backup: { keepDays: 90 } }),
  ),
  ...both(
    'aws.faultExperiments',
    'fault experiments',
    'no fault experiments',
    frugal(),
    frugal({ faultExperiments: true }),
  ),
  ...one(
    'profile, name',
    'frugal to standard under another display name',
    frugal(),
    standard({}, { name: 'Riverbend University' }),
  ),
  ...one(
    'profile, aws.access.mode',
    'frugal to standard with Lake Formation',
    frugal(),
    access('lake-formation'),
  ),
  ...one('profile, aws.network', 'frugal over the internet to standard over a VPN', frugal(), overVpn()),
  ...one(
    'aws.network, aws.access.mode',
    'to a VPN and to Lake Formation',
    standard(),
    standard({ network: { vpn }, access: { mode: 'lake-formation', ...people } }),
  ),
  ...one(
    'sources, aws.replication.instance',
    'a second SIS and a larger instance',
    frugal(),
    withSources({ sis, housing }, { replication: { instance: 'dms.c5.large' } }),
  ),
  ...one('sources, aws.warehouse.enabled', 'the last SIS and the warehouse removed', standard(), {
    ...withSources({}),
    profile: 'frugal',
  }),
];
