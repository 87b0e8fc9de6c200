import type { Settings } from '../../../lib/settings.ts';
import { CAMPUS, settingsFor } from '../../infra/campus.ts';

/** A lake that campus.yaml can ask for. */
export interface Variant {
  readonly campus: object;
  /** The second switch of a deletion. */
  readonly deleteData?: string;
  /** Whether a model asks for Spark. */
  readonly spark?: boolean;
}

/** What the app makes of a variant. */
export function settingsOfVariant({ campus, deleteData, spark }: Variant): Settings {
  const settings = settingsFor(campus, { deleteData });
  return spark ? { ...settings, spark: { ...settings.spark, models: ['large'] } } : settings;
}

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const PEOPLE = { analysts: [role('analyst')], stewards: [role('steward')], admins: [role('admin')] };
const VPN = { vpn: { gateway: '203.0.113.7', cidrs: ['10.0.0.0/16'] } };
const EXISTING = { existing: { vpc: 'vpc-0a1b2c3d', subnets: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'] } };
const SERVERLESS = { serverless: { minDcu: 1, maxDcu: 4 } };
const { sis } = CAMPUS.sources;

/** How each kind of database is spoken to over a VPN. */
const KINDS = {
  postgres: sis,
  oracle: { ...sis, kind: 'oracle', ssl: 'disable', overInternet: false },
  sqlserver: { ...sis, kind: 'sqlserver', overInternet: false },
  mysql: { ...sis, kind: 'mysql', ssl: 'disable', overInternet: false },
};

const lake = (profile: string, aws: object, source: object = sis, rest: object = {}): Variant => ({
  campus: { ...CAMPUS, profile, ...rest, aws, sources: { ...CAMPUS.sources, sis: source } },
});
const both = (what: string, of: (profile: string) => Variant): [string, Variant][] =>
  ['frugal', 'standard'].map((profile) => [`${profile}, ${what}`, of(profile)]);

/** Both profiles, four kinds of databases, every way to the SIS, every mode of access, everything that can be on or off. */
export const VARIANTS: ReadonlyMap<string, Variant> = new Map([
  ...both('as it comes', (profile) => lake(profile, {})),
  ...both('without a SIS', (profile) => ({
    campus: { ...CAMPUS, profile, sources: { canvas: CAMPUS.sources.canvas } },
  })),
  ...both('an existing VPC', (profile) => lake(profile, { network: EXISTING })),
  ...both('a VPN', (profile) => lake(profile, { network: VPN })),
  ...both('a VPN and Lake Formation', (profile) =>
    lake(profile, { network: VPN, access: { mode: 'lake-formation', ...PEOPLE } }),
  ),
  ...both('hybrid access', (profile) => lake(profile, { access: { mode: 'hybrid', ...PEOPLE } })),
  ...Object.entries(KINDS).flatMap(([kind, source]) =>
    both(`${kind} over a VPN`, (profile) => lake(profile, { network: VPN }, source)),
  ),
  ...both('DMS Serverless', (profile) => lake(profile, { network: VPN, replication: SERVERLESS })),
  ...both('the warehouse the other way', (profile) =>
    lake(profile, { warehouse: { enabled: profile === 'frugal' } }),
  ),
  ...both('named account and region, a prefix, e-mails', (profile) =>
    lake(profile, {
      account: '123456789012',
      region: 'us-east-2',
      databasePrefix: 'riverbend_',
      alarmEmails: ['team@riverbend.example'],
    }),
  ),
  ...both('changes captured, roles of DMS there, pseudonyms and Slack', (profile) =>
    lake(
      profile,
      { replication: { accountRoles: 'exist', followMinutes: 15 } },
      { ...sis, replication: 'full-load-and-cdc' },
      {
        privacy: { key: { secretsManager: 'riverbend/pseudonyms' } },
        notify: [{ kind: 'slack', url: { secretsManager: 'riverbend/slack' } }],
      },
    ),
  ),
  ...both('Spark and hybrid access', (profile) => ({
    ...lake(profile, { access: { mode: 'hybrid', ...PEOPLE } }),
    spark: true,
  })),
  ...both('an account with rules: tags, a boundary, keys of the college, an encrypted catalog', (profile) =>
    lake(profile, {
      name: 'riverbend',
      tags: { 'cost-centre': '4711' },
      permissionsBoundary: 'college-boundary',
      kmsKey: 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001',
      catalogKey: 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000002',
    }),
  ),
  ...both('groups of Identity Center', (profile) =>
    lake(profile, {
      access: {
        mode: 'lake-formation',
        ...PEOPLE,
        identityStore: 'd-1234567890',
        groups: { registrar: 'Registrar', 'adviser/aid': 'Aid officers' },
      },
      cloudTrail: { bucket: 'college-trail', prefix: 'org/' },
    }),
  ),
  ...both('a second Region, daily backups and fault experiments', (profile) =>
    lake(profile, {
      faultExperiments: true,
      secretReminderDays: 90,
      region: 'us-east-1',
      recovery: { region: 'us-west-2', replicationTime: profile === 'standard' },
      backup: { keepDays: 35 },
    }),
  ),
  ...both('a second Region with keys of the college', (profile) =>
    lake(profile, {
      region: 'us-east-1',
      kmsKey: 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001',
      recovery: {
        region: 'us-west-2',
        kmsKey: 'arn:aws:kms:us-west-2:123456789012:key/0a1b2c3d-0000-4000-8000-000000000003',
      },
    }),
  ),
  ...both('deleted with its data', (profile) => ({
    ...lake(profile, { deleteData: true }),
    deleteData: 'campus-lake',
  })),
]);
