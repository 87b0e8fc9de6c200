import { z } from 'zod';
import { replicationSchema } from './aws-replication-schema.ts';
import { DEFAULT_LAKE_NAME } from './environments.ts';

/**
 * The `aws:` section of campus.yaml. Everything in it is optional: what is left out is filled in by the profile
 * (`lib/settings.ts`), so a campus may have no such section at all.
 */

const arn = z.string().regex(/^arn:aws[a-z-]*:/, 'an ARN');
const keyArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key (no alias)');
const cidrBlock = z
  .string()
  .regex(/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/, 'a range of addresses such as 10.80.0.0/22');
const email = z.email({ error: 'an e-mail address' });

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

const networkSchema = z.strictObject({
  cidr: cidrBlock.default('10.80.0.0/22').describe('Addresses of the VPC; must not overlap with the campus'),
  vpn: z
    .strictObject({
      gateway: z.ipv4({ error: 'an IPv4 address' }).describe("Public address of the campus's VPN device"),
      cidrs: z.array(cidrBlock).min(1).describe('Addresses on campus that the VPN leads to'),
      asn: z.number().int().min(1).max(4_294_967_294).default(65_000).describe('BGP number of the campus'),
    })
    .optional()
    .describe('Site-to-site VPN to the campus. Default: none, the SIS is reached over TLS'),
  existing: z
    .strictObject({
      vpc: z.string().regex(/^vpc-[0-9a-f]+$/, 'the id of a VPC'),
      subnets: z.array(z.string().regex(/^subnet-[0-9a-f]+$/, 'the id of a subnet')).min(2),
    })
    .optional()
    .describe('A VPC that reaches the campus already, and subnets of it in two zones. Default: one is made'),
});

const warehouseSchema = z
  .strictObject({
    enabled: z.boolean().optional().describe('Redshift Serverless. Default: false (frugal), true (standard)'),
    rpu: z
      .number()
      .int()
      .refine(
        (rpu) => rpu === 4 || (rpu >= 8 && rpu <= 512 && rpu % 8 === 0),
        '4, or a multiple of 8 up to 512',
      )
      .default(4)
      .describe('Base capacity'),
    maxRpu: z
      .number()
      .int()
      .min(8)
      .max(512)
      .multipleOf(8)
      .default(8)
      .describe('Capacity that it may grow to while many ask; not below rpu'),
    rpuHoursPerDay: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('Usage limit; the warehouse stops for the day beyond it. Default: 2 (frugal), 12 (standard)'),
  })
  .refine(({ rpu, maxRpu }) => rpu <= maxRpu, {
    error: 'may not be less than rpu; raise it in a deployment of its own, before rpu',
    path: ['maxRpu'],
  });

const sparkSchema = z.strictObject({
  workers: z
    .number()
    .int()
    .min(2)
    .max(299)
    .default(2)
    .describe('Workers of 4 processors and 16 GB (G.1X), at most; Glue takes as many as it needs'),
  timeoutMinutes: z
    .number()
    .int()
    .min(5)
    .max(480)
    .default(120)
    .describe('After so long a model that is not built has failed'),
});

const accessSchema = z.strictObject({
  mode: z
    .enum(['iam', 'hybrid', 'lake-formation'])
    .default('iam')
    .describe(
      'Who decides on tables: IAM; both (those opted in); Lake Formation by the privacy classes of the catalog',
    ),
  analysts: z
    .array(arn)
    .default([])
    .describe('Roles that see all but direct identifiers; for Lake Formation'),
  stewards: z.array(arn).default([]).describe('Roles that see everything; for Lake Formation'),
  admins: z
    .array(arn)
    .default([])
    .describe(
      'Lake Formation administrators to add, the deploying role among them; those there already stay',
    ),
  identityStore: z
    .string()
    .regex(/^d-[0-9a-f]{10}$/, 'the id of an identity store, such as d-1234567890')
    .optional()
    .describe('Identity store of IAM Identity Center, in which the groups are'),
  groups: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*(\/[a-z][a-z0-9_]*)?$/, 'a role of access.yaml, or role/purpose'),
      z.string().min(1).max(1024),
    )
    .default({})
    .describe(
      'Groups of IAM Identity Center, by the role of access.yaml (role/purpose for another than its first purpose) whose tables they see; for Lake Formation',
    ),
});

const recoverySchema = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as us-west-2')
    .describe('The other Region'),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,18}[a-z0-9]$/, '3 to 20 lower-case letters, digits and -')
    .optional()
    .describe('Begins the names of the lake there. Default: aws.name and "-r"'),
  copies: z
    .boolean()
    .default(true)
    .describe('Whether anything is copied there. Set it to false, and deploy, before recovery is taken out'),
  replicationTime: z
    .boolean()
    .default(false)
    .describe('S3 Replication Time Control: S3 promises 15 minutes for a file, for $0.015 a GB'),
  kmsKey: keyArn.optional().describe('KMS key there. Default: one is made, for a dollar a month'),
  secretsKey: arn.optional().describe("KMS key there under which the secrets lie. Default: AWS's own"),
  catalogKey: keyArn.optional().describe('KMS key there of the Glue catalog. Default: none'),
  network: networkSchema.optional().describe('As aws.network, for the other Region. Default: as aws.network'),
});

const backupSchema = z.strictObject({
  keepDays: z.number().int().min(1).max(3650).default(35).describe('How long a daily copy is kept'),
});

export const awsSchema = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as us-east-1')
    .optional()
    .describe('Default: that of the credentials'),
  account: z
    .string()
    .regex(/^\d{12}$/, 'twelve digits, in quotes')
    .optional()
    .describe('Refuses to deploy into another account. Default: that of the credentials'),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,18}[a-z0-9]$/, '3 to 20 lower-case letters, digits and -')
    .default(DEFAULT_LAKE_NAME)
    .describe('Begins the name of every stack, bucket and role; a second lake in an account needs another'),
  databasePrefix: z
    .string()
    .regex(/^([a-z][a-z0-9_]*_)?$/, 'lower-case letters, digits and _, ending with _')
    .optional()
    .describe(
      'Begins the names of the Glue databases. Default: none for the name campus-lake, otherwise the name',
    ),
  tags: z
    .record(
      z
        .string()
        .regex(
          /^(?!aws:|lake$)[\p{L}\p{N} _.:/=+@-]{1,128}$/iu,
          'letters, digits and _.:/=+@-, not "lake" and not beginning with aws:',
        ),
      z.string().regex(/^[\p{L}\p{N} _.:/=+@-]{0,256}$/u, 'letters, digits and _.:/=+@-'),
    )
    .default({})
    .describe('Tags of every resource that can have them, beside lake=<name>'),
  permissionsBoundary: z
    .string()
    .regex(
      /^(arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/)?[\w+=,.@/-]{1,128}$/,
      'the name or the ARN of a managed policy',
    )
    .optional()
    .describe('Managed policy that bounds every role of the lake. Default: none'),
  kmsKey: keyArn
    .optional()
    .describe('KMS key for everything that the lake stores. Default: one is made, for a dollar a month'),
  catalogKey: keyArn
    .optional()
    .describe(
      'KMS key with which the Glue catalog of the account is encrypted: whoever reads tables may then use it',
    ),
  network: networkSchema.optional(),
  replication: replicationSchema.optional(),
  warehouse: warehouseSchema.optional(),
  spark: sparkSchema
    .optional()
    .describe('The Glue job that builds models of engine: glue; it is there only where a model asks for it'),
  access: accessSchema.optional(),
  cloudTrail: z
    .strictObject({
      bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket'),
      prefix: z
        .string()
        .regex(/^([^/].*\/)?$/, 'a folder with / at its end')
        .default('')
        .describe('The part of its keys before AWSLogs/'),
    })
    .optional()
    .describe(
      "Where a trail of the account writes its files: a run reads there who asked Athena what. Default: a run knows of Athena's questions only in which workgroup",
    ),
  tablesAtOnce: z
    .number()
    .int()
    .min(1)
    .max(24)
    .default(24)
    .describe(
      'Datasets of a source that are worked on at once, each by a function. Less where the account may run few functions: a new one ten',
    ),
  secretsKey: arn
    .optional()
    .describe(
      "KMS key under which the lake's secrets lie in Secrets Manager, where it is not AWS's own: DMS and the functions may then decrypt with it",
    ),
  secretReminderDays: z
    .number()
    .int()
    .min(2)
    .max(365)
    .optional()
    .describe('How often the team is reminded to change the secrets of the sources. Default: never'),
  queryLimitGb: z
    .number()
    .positive()
    .optional()
    .describe('What one query of an analyst may read, in GB. Default: 20 (frugal), 200 (standard)'),
  budget: z
    .number()
    .positive()
    .optional()
    .describe('US dollars a month; the team hears at 80 % and when it will be passed. Default: 40, 400'),
  alarmEmails: z.array(email).default([]).describe('Who receives alarms and budget notices from AWS'),
  logRetentionDays: z
    .literal(LOG_DAYS)
    .optional()
    .describe('How long logs are kept; one of the lengths that CloudWatch has. Default: 30, 365'),
  encryptLogs: z
    .boolean()
    .optional()
    .describe("Whether CloudWatch keeps the logs under the lake's key. Default: no (frugal), yes (standard)"),
  recovery: recoverySchema
    .optional()
    .describe(
      'A second Region to which raw and curated files, the catalog and the ledger are copied, and in which the lake can go on. Default: none',
    ),
  recoveryOf: z
    .strictObject({ name: z.string(), region: z.string() })
    .optional()
    .describe('The lake whose second Region this is. Set by the environment "recovery" itself'),
  backup: backupSchema
    .optional()
    .describe(
      "AWS Backup of the ledger and the records, apart from the lake's own stacks. Default: none; the ledger can be restored to any second of 35 days in any case",
    ),
  faultExperiments: z
    .boolean()
    .default(false)
    .describe('Templates of fault experiments for AWS FIS, for an account for tests; they cost when started'),
  deleteData: z
    .boolean()
    .default(false)
    .describe('One of two switches: with -c delete-data=<name>, a teardown deletes the data as well'),
});

export type AwsConfig = z.infer<typeof awsSchema>;

/**
 * What begins the names of a lake's Glue databases where campus.yaml does not say: two lakes of an account must not
 * have the same databases, and the names of lakes differ.
 */
export function databasePrefixOf({
  name,
  databasePrefix,
}: Pick<AwsConfig, 'name' | 'databasePrefix'>): string {
  return databasePrefix ?? (name === DEFAULT_LAKE_NAME ? '' : `${name.replaceAll('-', '_')}_`);
}
