import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { bundleFunctions } from '../../../lib/pipeline/bundle.ts';
import { LakeStateMachine } from '../../../lib/pipeline/lake-state-machine.ts';
import { isDistributed, PLANS } from './fake-steps.ts';

/**
 * A stack with a state machine for each of the fake plans.
 * Context: `folder`, where calls and ledgers go.
 */
const app = new App();
const stack = new Stack(app, 'fake');
const folder = app.node.getContext('folder') as string;
const code = join(folder, 'code');
// The local ledger opens DuckDB to seal many rows, of which no fake plan has enough.
bundleFunctions({ fake: join(import.meta.dirname, 'fake-function.ts') }, code, ['@duckdb/*']);
copyFileSync(join(import.meta.dirname, 'runtime/bootstrap'), join(code, 'bootstrap'));

const records = new Bucket(stack, 'Records', { removalPolicy: RemovalPolicy.DESTROY });
Object.values(PLANS).forEach((plan, index) => {
  const host = new LambdaFunction(stack, `Host${index}`, {
    runtime: Runtime.PROVIDED_AL2023,
    code: Code.fromAsset(code),
    handler: 'fake.handler',
    timeout: Duration.seconds(60),
    memorySize: 256,
    environment: {
      FOLDER: join(folder, String(index)),
      BUCKET: records.bucketName,
      POWERTOOLS_TRACE_ENABLED: 'false',
    },
  });
  const machine = new LakeStateMachine(stack, `Machine${index}`, {
    plan,
    functionOf: () => host,
    control: host,
    distributed: isDistributed,
    records,
  });
  new CfnOutput(stack, `Plan${index}`, { value: machine.arn });
});
