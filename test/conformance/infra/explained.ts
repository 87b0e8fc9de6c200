/** A rule that a lake does not follow, where, and why not. */
export interface Explained {
  /** Of cdk-nag, or `CKV_AWS_116` of checkov. */
  readonly rule: string;
  readonly where: RegExp;
  readonly why: string;
}

/** As checkov names them: by their logical ids. */
const LAMBDAS = /^pipeline\/Function\w+$|^(warehouse|access)\/AWS679f|^(r-)?storage\/Custom/;

const FUNCTIONS =
  /^pipeline\/Function-\w+\/Function\/Resource$|^(warehouse|access)\/AWS679f|^(r-)?storage\/Custom/;

/**
 * The answers to the packs NIST 800-53 r5 and HIPAA of cdk-nag, and to checkov. AwsSolutions has none here: what it finds is
 * acknowledged in the app, where it happens.
 */
export const EXPLAINED: readonly Explained[] = [
  {
    rule: 'S3BucketReplicationEnabled',
    where: /^(r-)?storage\/(Logs|Raw|Staged|Curated|Records|Results)\/Resource$/,
    why: 'off without aws.recovery, and in the second Region, which takes copies; staged files are made again from the raw ones, logs and answers are of their Region',
  },
  {
    rule: 'S3BucketVersioningEnabled',
    where: /^(r-)?storage\/(Logs|Raw|Staged|Curated|Results)\/Resource$/,
    why: 'DMS times out over old versions in the raw zone; Iceberg keeps its own snapshots, and versions below them would keep what was erased; logs and answers are written once',
  },
  {
    rule: 'S3DefaultEncryptionKMS',
    where: /^(r-)?storage\/Logs\/Resource$/,
    why: 'S3 delivers access logs only into a bucket that it encrypts with a key of its own',
  },
  {
    rule: 'DynamoDBInBackupPlan',
    where: /^(r-)?storage\/(Ledger|Limits)\/Resource$/,
    why: 'off without aws.backup; the ledger is restored to any second of the last 35 days (point-in-time recovery) in any case; the limits count the last minutes',
  },
  {
    rule: 'DynamoDBPITREnabled',
    where: /^(r-)?storage\/Limits\/Resource$/,
    why: 'it counts requests of the last minutes, which nobody needs back',
  },
  {
    rule: 'VPCDefaultSecurityGroupClosed',
    where: /^network\/Vpc\/Resource$/,
    why: 'nothing uses the default group; emptying it needs a function with rights over the network',
  },
  {
    rule: 'VPCNoUnrestrictedRouteToIGW',
    where: /^network\/Vpc\/openSubnet\d\/DefaultRoute$/,
    why: 'only where campus.yaml says overInternet: true, by which DMS goes out to the SIS without a NAT; no security group lets anyone in',
  },
  {
    rule: 'DMSReplicationNotPublic',
    where: /^sis\/Instance$/,
    why: 'only where campus.yaml says overInternet: true; the address is for going out, and no security group lets anyone in',
  },
  {
    rule: 'IAMNoInlinePolicy',
    where:
      /Role(-[a-z-]+)?\/DefaultPolicy\/Resource$|^sis\/(Writer|SecretReader)\/|^warehouse-data\/Loader\/|^warehouse\/UsageLimit|^access\/Group-|^pipeline\/(Run\/Items|(Eraser|(Nightly|Follow)-Scheduler)\/DefaultPolicy)\/Resource$|^access\/DataAccess\/DefaultPolicy\/Resource$|^storage\/Replicator\/DefaultPolicy\/Resource$/,
    why: 'a role of one function, one service or one duty, with rights of its own that nobody else may use; policies for people are managed ones',
  },
  {
    rule: 'SecretsManagerRotationEnabled',
    where: /^warehouse-data\/(Admin|Reader)\/Resource$/,
    why: 'dashboards keep the reader’s password, and would stop at a rotation that nobody announced; the namespace holds the other one',
  },
  {
    rule: 'CloudWatchLogGroupEncrypted',
    where:
      /^pipeline\/(Function-\w+\/Logs|RunLog|Spark\/Logs-\w+)\/Resource$|^warehouse\/UsageLimitLog\/Resource$|^access\/GroupsLog\/Resource$/,
    why: 'aws.encryptLogs is off, as in frugal: encrypted by CloudWatch’s own key; the logs name datasets, tables and failures and hold no row',
  },
  {
    rule: 'LambdaConcurrency',
    where: FUNCTIONS,
    why: 'the state machine decides how many work at once; reserved capacity would be taken from the rest of the account',
  },
  {
    rule: 'LambdaDLQ',
    where: FUNCTIONS,
    why: 'called by the state machine, which waits, retries and records failures; nothing is called without somebody waiting',
  },
  {
    rule: 'LambdaInsideVPC',
    where: FUNCTIONS,
    why: 'they speak to services of AWS and to the LMS, each by TLS and with rights of their own; in a VPC they would need a NAT gateway',
  },
  {
    rule: 'CKV_AWS_115',
    where: LAMBDAS,
    why: 'the state machine decides how many work at once; reserved capacity would be taken from the rest of the account',
  },
  {
    rule: 'CKV_AWS_116',
    where: LAMBDAS,
    why: 'called by the state machine, which waits, retries and records failures; nothing is called without somebody waiting',
  },
  {
    rule: 'CKV_AWS_117',
    where: LAMBDAS,
    why: 'they speak to services of AWS and to the LMS, each by TLS and with rights of their own; in a VPC they would need a NAT gateway',
  },
  {
    rule: 'CKV_AWS_173',
    where: LAMBDAS,
    why: 'the environment holds names of buckets and tables, no secret; Lambda encrypts it with a key of its own',
  },
  {
    rule: 'CKV_AWS_158',
    where: /^pipeline\/(Function\w+Logs|RunLog|SparkLogs)|^warehouse\/UsageLimitLog|^access\/GroupsLog/,
    why: 'aws.encryptLogs is off, as in frugal: encrypted by CloudWatch’s own key; the logs name datasets, tables and failures and hold no row',
  },
  {
    rule: 'CKV_AWS_21',
    where: /^(r-)?storage\/(Curated|Logs|Raw|Results|Staged)/,
    why: 'DMS times out over old versions in the raw zone; Iceberg keeps its own snapshots, and versions below them would keep what was erased; logs and answers are written once',
  },
  {
    rule: 'CKV_AWS_18',
    where: /^(r-)?storage\/Logs/,
    why: 'it is where access logs go: a log of its own would log itself',
  },
  {
    rule: 'CKV_AWS_28',
    where: /^(r-)?storage\/Limits/,
    why: 'it counts requests of the last minutes, which nobody needs back',
  },
  {
    rule: 'CKV_AWS_195',
    where: /^pipeline\/(DriftCrawler|SparkJob)/,
    why: 'files are encrypted by their buckets; logs name tables and columns and hold no row; neither has bookmarks',
  },
  {
    rule: 'CKV_AWS_82',
    where: /^serve\/Pipeline/,
    why: 'Athena refuses a place for a table in a workgroup that enforces its settings; the results bucket encrypts by itself',
  },
  {
    rule: 'CKV_AWS_89',
    where: /^sis\/Instance/,
    why: 'only where campus.yaml says overInternet: true; the address is for going out, and no security group lets anyone in',
  },
];
