import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { databaseArns, tableArns } from '../pipeline/catalog-arns.ts';
import type { LakeParts } from '../pipeline/places.ts';
import { Rights } from '../pipeline/rights.ts';

/** The lake's own tables: versions lie here, and a job reads nothing else. */
const VERSIONS = 'lake_versions';

/**
 * What the Spark job may do: read the tables of a model and its task, write the model's files. It makes no
 * table and changes none: the pipeline does that.
 */
export function sparkRights(
  stack: Stack,
  parts: LakeParts,
  { script, logs }: { readonly script: Asset; readonly logs: string },
): PolicyStatement[] {
  const rights = new Rights(stack, parts);
  const allow = (actions: string[], ...resources: string[]) => new PolicyStatement({ actions, resources });
  const versions = [parts.storage.databases.get(VERSIONS)!];
  const group = (resourceName: string) =>
    stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  return [
    ...rights.key(),
    ...rights.read('staged', 'staged/*'),
    // Full loads of the SIS are read where they lie.
    ...rights.read('raw', ...rights.foldersOf('sis')),
    ...rights.write('curated', 'curated/*'),
    ...rights.read('records', 'spark-tasks/*'),
    // Its event log, which tells what it has used.
    ...rights.write('records', 'spark-tasks/*.events/*'),
    ...rights.catalogKey(),
    allow(['s3:GetObject'], script.bucket.arnForObjects(script.s3ObjectKey)),
    allow(
      ['glue:GetDatabase', 'glue:GetTable'],
      ...databaseArns(stack, versions),
      ...tableArns(stack, versions),
    ),
    allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], group(`${logs}/*`)),
  ];
}
