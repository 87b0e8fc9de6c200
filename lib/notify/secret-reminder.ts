import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface SecretReminderProps {
  /** Name of the schedule in the account. */
  readonly name: string;
  readonly days: number;
  readonly topic: ITopic;
  readonly key: IKey;
}

const MESSAGE =
  'It is time to change the secrets of the lake: the password of each SIS and the API key of Canvas, where they are made, then in Secrets Manager. Runs take the new value at once. See docs/deploy.md, "Change the secrets".';

/**
 * Reminds the team of secrets that only a person can change: no function of the lake may log in to a SIS or to Canvas as
 * somebody who may set passwords.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 */
export function secretReminder(scope: Construct, { name, days, topic, key }: SecretReminderProps): void {
  const stack = Stack.of(scope);
  const role = new Role(scope, 'SecretReminderRole', {
    description: 'Reminds the team to change the secrets',
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  });
  role.addToPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }));
  role.addToPolicy(
    new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
  );
  const schedule = new CfnSchedule(scope, 'SecretReminder', {
    name,
    description: `Reminds the team every ${days} days to change the secrets`,
    scheduleExpression: `rate(${days} days)`,
    flexibleTimeWindow: { mode: 'OFF' },
    kmsKeyArn: key.keyArn,
    target: {
      arn: `arn:${stack.partition}:scheduler:::aws-sdk:sns:publish`,
      roleArn: role.roleArn,
      input: stack.toJsonString({
        TopicArn: topic.topicArn,
        Subject: 'Change the secrets of the lake',
        Message: MESSAGE,
      }),
      retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 10 },
    },
  });
  schedule.node.addDependency(role);
}
