import { resolve } from 'node:path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnJob } from 'aws-cdk-lib/aws-glue';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { LakeRole } from '../access/lake-role.ts';
import { acknowledge, acknowledgeWide } from '../acknowledge.ts';
import { type LakeParts, logKeyOf } from '../pipeline/places.ts';
import { sparkJobName } from './spark-job-name.ts';
import { sparkRights } from './spark-rights.ts';

const SCRIPT = resolve(import.meta.dirname, '../../glue/build_table.py');

/** Models that are built at once, as the plan has it; more wait in the job's queue. */
const RUNS_AT_ONCE = 4;

/**
 * The Spark job that builds models of `engine: glue`: there only where a model asks for it, and paid only while it
 * runs. It is in no network of the account's: nothing reaches it, and it reaches S3 and Glue.
 *
 * Glue 5.1 is Spark 3.5.6 with Iceberg 1.10: https://docs.aws.amazon.com/glue/latest/dg/release-notes.html
 */
export class SparkJob extends Construct {
  constructor(scope: Construct, id: string, parts: LakeParts) {
    super(scope, id);
    const { settings } = parts;
    const name = sparkJobName(settings);
    const script = new Asset(this, 'Script', { path: SCRIPT });
    const logs = `/aws-glue/jobs/${name}`;
    // Glue makes them where they are missing, and keeps everything for ever.
    for (const kind of ['output', 'error'])
      new LogGroup(this, `Logs-${kind}`, {
        logGroupName: `${logs}/${kind}`,
        retention: settings.logRetentionDays as RetentionDays,
        encryptionKey: logKeyOf(parts),
        removalPolicy: RemovalPolicy.DESTROY,
      });
    const role = new LakeRole(this, 'Role', {
      roleName: name,
      description: 'The Spark job that builds models of engine: glue',
      assumedBy: new ServicePrincipal('glue.amazonaws.com'),
    });
    const rights = sparkRights(Stack.of(this), parts, { script, logs });
    for (const right of rights) role.addToPolicy(right);
    const wide = rights.flatMap((right) => right.resources).filter((arn) => arn.includes('*'));
    acknowledgeWide(
      role,
      'Keys below one folder, tables of one database, streams of its own logs.',
      ...new Set(wide),
    );
    const job = new CfnJob(this, 'Job', {
      name,
      description: 'Builds models whose header says engine: glue',
      role: role.roleArn,
      command: { name: 'glueetl', pythonVersion: '3', scriptLocation: script.s3ObjectUrl },
      glueVersion: '5.1',
      workerType: 'G.1X',
      // With auto scaling this is the most.
      numberOfWorkers: settings.spark.workers,
      timeout: settings.spark.minutes,
      // Every making has a folder of its own; who asks for the table begins it again.
      maxRetries: 0,
      executionProperty: { maxConcurrentRuns: RUNS_AT_ONCE },
      jobRunQueuingEnabled: true,
      defaultArguments: {
        '--datalake-formats': 'iceberg',
        '--enable-auto-scaling': 'true',
        '--job-bookmark-option': 'job-bookmark-disable',
        '--custom-logGroup-prefix': logs,
      },
    });
    acknowledge(job, 'Its logs name what failed, as those of the functions do, and hold no rows.', 'GL1');
    acknowledge(job, 'It has no bookmarks: each run gets the list of its input.', 'GL3');
  }
}
