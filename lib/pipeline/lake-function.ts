import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { LakeRole } from '../access/lake-role.ts';
import { acknowledgeWide } from '../acknowledge.ts';
import type { FunctionOptions } from './functions.ts';

export interface LakeFunctionProps extends Pick<FunctionOptions, 'memory' | 'minutes'> {
  /** Name of the function in the account. */
  readonly name: string;
  readonly description: string;
  readonly code: Code;
  /** `<file>.handler` */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly rights: readonly PolicyStatement[];
  readonly logRetentionDays: RetentionDays;
  /** Under which its log lies. Default: CloudWatch's own. */
  readonly logKey?: IKey;
}

/** One function of the pipeline with a role and a log of its own. */
export class LakeFunction extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, props: LakeFunctionProps) {
    super(scope, id);
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${props.name}`,
      retention: props.logRetentionDays,
      encryptionKey: props.logKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = this.#role(props, logs);
    this.handler = new LambdaFunction(this, 'Function', {
      functionName: props.name,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      // A fifth cheaper for the same work.
      architecture: Architecture.ARM_64,
      code: props.code,
      handler: props.handler,
      memorySize: props.memory,
      timeout: Duration.minutes(props.minutes),
      environment: { ...props.environment },
      role,
      logGroup: logs,
      tracing: Tracing.ACTIVE,
      retryAttempts: 0,
    });
  }

  #role({ name, description, rights }: LakeFunctionProps, logs: LogGroup): Role {
    const role = new LakeRole(this, 'Role', {
      roleName: name,
      description,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const streams = `${logs.logGroupArn}`;
    role.addToPolicy(
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [streams] }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
        resources: ['*'],
      }),
    );
    for (const right of rights) role.addToPolicy(right);
    const wide = [...rights].flatMap((right) => right.resources).filter((arn) => arn.includes('*'));
    const reason =
      'Keys below one folder, tables of one database, and what AWS has no narrower resource for: traces, descriptions, statements.';
    acknowledgeWide(role, reason, '*', ...new Set(wide));
    return role;
  }
}
