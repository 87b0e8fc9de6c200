import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { rightsOf } from './function-rights.ts';
import { FOLLOWER } from './functions.ts';
import { LakeFunction } from './lake-function.ts';
import { mergedRights } from './merged-rights.ts';
import { type LakeParts, logKeyOf } from './places.ts';
import { replicationReads } from './replication-rights.ts';
import { Rights } from './rights.ts';

/** A run that begins meanwhile waits for the end of the round, and has 13 minutes for that (`RunLock`). */
export const FOLLOW = { name: FOLLOWER, memory: 512, minutes: 10 } as const;

export interface FollowScheduleProps {
  readonly code: Code;
  readonly environment: Readonly<Record<string, string>>;
  /** From the beginning of one round to that of the next. */
  readonly minutes: number;
}

/**
 * Follows the changes that DMS captures between two runs: a function that does one round, and the schedule that calls it.
 * What a round does not get done, the next one does, so a call that fails is not repeated.
 */
export function followSchedule(scope: Construct, parts: LakeParts, props: FollowScheduleProps): LakeFunction {
  const stack = Stack.of(scope);
  const { settings, storage } = parts;
  const lambda = new LakeFunction(scope, 'Function-follow', {
    name: `${settings.name}-${FOLLOW.name}`,
    description: 'Follows the changes of the SIS between runs',
    code: props.code,
    handler: `${FOLLOW.name}.handler`,
    memory: FOLLOW.memory,
    minutes: FOLLOW.minutes,
    environment: props.environment,
    rights: followRights(stack, parts),
    logRetentionDays: settings.logRetentionDays as RetentionDays,
    logKey: logKeyOf(parts),
  });
  const role = new Role(scope, 'Follow-Scheduler', {
    description: 'Follows the changes of the SIS between runs',
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  });
  const { functionArn } = lambda.handler;
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
  role.addToPolicy(new PolicyStatement({ actions: ['kms:Decrypt'], resources: [storage.key.keyArn] }));
  const schedule = new CfnSchedule(scope, 'Follow', {
    name: `${settings.name}-follow`,
    description: `Follows the changes of the SIS every ${props.minutes} minutes`,
    scheduleExpression: `rate(${props.minutes} minutes)`,
    flexibleTimeWindow: { mode: 'OFF' },
    kmsKeyArn: storage.key.keyArn,
    target: {
      arn: functionArn,
      roleArn: role.roleArn,
      input: JSON.stringify({ call: 'follow' }),
      retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
    },
  });
  schedule.node.addDependency(role);
  return lambda;
}

/** A round stages, checks, builds models and publishes as a run does; of DMS it only asks. */
function followRights(stack: Stack, parts: LakeParts): PolicyStatement[] {
  const rights = new Rights(stack, parts);
  return mergedRights([
    ...rightsOf('stage', stack, parts),
    ...rightsOf('models', stack, parts),
    // The manifests of what it takes.
    ...rights.write('raw', ...rights.foldersOf('sis')),
    ...rights.read('records', 'replication/*'),
    ...rights.executions(),
    ...(parts.sis ? replicationReads(stack, parts.sis) : []),
  ]);
}
