import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Campus } from '../../src/campus/campus.ts';

export interface NightlyScheduleProps {
  readonly name: string;
  readonly campus: Pick<Campus, 'schedule' | 'timeZone'>;
  readonly machine: IStateMachine;
  /** Where a start goes that failed again and again. */
  readonly notStarted: IQueue;
  readonly key: IKey;
}

/**
 * Starts the run every night by the clock of the campus, in summer and in winter. An hour that summer time skips is
 * made up for by Scheduler itself: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function nightlySchedule(scope: Construct, id: string, props: NightlyScheduleProps): Schedule {
  const [hour, minute] = props.campus.schedule.at.split(':').map(Number);
  return new Schedule(scope, id, {
    scheduleName: props.name,
    description: `Starts the nightly run at ${props.campus.schedule.at}, ${props.campus.timeZone}`,
    schedule: ScheduleExpression.cron({
      hour: String(hour),
      minute: String(minute),
      timeZone: TimeZone.of(props.campus.timeZone),
    }),
    target: new StepFunctionsStartExecution(props.machine, {
      role: schedulerRole(scope, id, props.key),
      deadLetterQueue: props.notStarted,
      maxEventAge: Duration.hours(2),
      retryAttempts: 10,
    }),
    key: props.key,
  });
}

/**
 * Starts the run, and sends a failed start to the queue. A message into an encrypted queue needs a data key, which the
 * CDK's own role for a target may not ask for.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
function schedulerRole(scope: Construct, id: string, key: IKey): Role {
  const { account } = Stack.of(scope);
  const role = new Role(scope, `${id}-Scheduler`, {
    description: 'Starts the nightly run',
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  });
  role.addToPolicy(
    new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
  );
  return role;
}
