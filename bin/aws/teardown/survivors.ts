import type { StandingResource, StandingStack } from './standing-stack.ts';

/** Something that is there after the stacks are gone. */
export interface Survivor {
  /** `bucket campus-lake-raw-…` */
  readonly what: string;
  readonly why: string;
  /** How it goes, for who wants that. */
  readonly toDelete: string;
}

type Words = Omit<Survivor, 'what'> & { readonly noun: string };

/** Why CloudFormation leaves a resource of this type. */
const KEPT: Readonly<Record<string, Words>> = {
  'AWS::DynamoDB::Table': {
    noun: 'table',
    why: 'the ledger says what was loaded, when and how well',
    toDelete: 'aws dynamodb delete-table, its deletion protection off',
  },
  'AWS::Glue::Database': {
    noun: 'database',
    why: 'its tables say how the files of the zones are read',
    toDelete: 'aws glue delete-database, which takes its tables along',
  },
  'AWS::IAM::Role': {
    noun: 'role',
    why: 'DMS wants it once in an account, for whatever uses DMS there',
    toDelete: 'aws iam delete-role, where nothing else uses DMS',
  },
  'AWS::IAM::ServiceLinkedRole': {
    noun: 'service-linked role',
    why: 'DMS Serverless wants it once in an account, for whatever uses it there',
    toDelete: 'aws iam delete-service-linked-role, where nothing else uses it',
  },
  'AWS::KMS::Key': {
    noun: 'key',
    why: 'without it nothing that the lake has stored can be read',
    toDelete: 'aws kms schedule-key-deletion, when nothing of the lake is left',
  },
  'AWS::RedshiftServerless::Namespace': {
    noun: 'warehouse namespace',
    why: 'people may have made tables of their own in it',
    toDelete: 'aws redshift-serverless delete-namespace',
  },
  'AWS::S3::Bucket': {
    noun: 'bucket',
    why: 'it holds data',
    toDelete: 'aws s3 rb --force, for a versioned one after its versions',
  },
  'AWS::SecretsManager::Secret': {
    noun: 'secret',
    why: 'dashboards may hold the password, and the kept namespace has it',
    toDelete: 'aws secretsmanager delete-secret: before the lake is deployed again, too',
  },
};

const OTHER: Words = {
  noun: 'resource',
  why: 'its template says that it stays',
  toDelete: 'delete it by hand',
};

/**
 * What is left when these stacks are gone: what their templates keep, what AWS keeps of what is deleted, and what
 * services have written next to the stacks.
 */
export function survivorsOf(stacks: readonly StandingStack[]): Survivor[] {
  const all = stacks.flatMap(({ resources }) => resources).filter(({ physicalId }) => physicalId !== '');
  const own = new Set(all.filter(({ type }) => type === 'AWS::Logs::LogGroup').map((one) => one.physicalId));
  const logs = all.flatMap(logGroupsBeside).filter((name) => !own.has(name));
  return [
    ...all.filter(({ kept }) => kept).map(kept),
    ...all.filter((one) => !one.kept).flatMap(afterlife),
    ...[...new Set(logs)].sort().map((name) => ({
      what: `log group ${name}`,
      why: 'a service makes it when it first writes, beside the stacks',
      toDelete: 'aws logs delete-log-group, where it is there',
    })),
  ];
}

function kept({ type, physicalId }: StandingResource): Survivor {
  const { noun, why, toDelete } = KEPT[type] ?? { ...OTHER, noun: type };
  return { what: `${noun} ${physicalId}`, why, toDelete };
}

/** What AWS itself keeps for a while of what was deleted. */
function afterlife({ type, physicalId }: StandingResource): Survivor[] {
  if (type === 'AWS::KMS::Key')
    return [
      {
        what: `key ${physicalId}, for 30 days`,
        why: 'AWS deletes a key after a time in which everybody may take it back',
        toDelete: 'nothing; aws kms cancel-key-deletion takes it back',
      },
    ];
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
  if (type === 'AWS::DynamoDB::Table' && physicalId.endsWith('-ledger'))
    return [
      {
        what: `a backup of the table ${physicalId}, for 35 days`,
        why: 'DynamoDB keeps one of each table that could be set back in time, at no cost',
        toDelete: 'nothing: it goes by itself',
      },
    ];
  return [];
}

function logGroupsBeside({ type, physicalId }: StandingResource): string[] {
  switch (type) {
    case 'AWS::Lambda::Function':
      return [`/aws/lambda/${physicalId}`];
    case 'AWS::Glue::Crawler':
      return ['/aws-glue/crawlers'];
    case 'AWS::RedshiftServerless::Namespace':
      return ['userlog', 'connectionlog', 'useractivitylog'].map(
        (log) => `/aws/redshift/${physicalId}/${log}`,
      );
    default:
      return [];
  }
}
