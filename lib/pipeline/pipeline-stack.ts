import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { LakeStack } from '../lake-stack.ts';
import { type LakeParts, placesOf } from './places.ts';

/** The nightly run: its functions, its state machine, its schedule. Holds nothing; can be made anew at any time. */
export class PipelineStack extends LakeStack {
  readonly stateMachineArn: string;
  /** Where the scheduler lays a run that it could not start. */
  readonly notStarted: Queue;

  constructor(scope: Construct, parts: LakeParts) {
    const { settings, storage } = parts;
    super(scope, 'pipeline', settings, { description: `The nightly run of ${settings.campus.name}` });
    this.after(storage, parts.serve, parts.notify, parts.sis, parts.warehouse);
    const places = placesOf(this, parts);
    this.notStarted = new Queue(this, 'NotStarted', {
      queueName: this.named('not-started'),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: storage.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.notStarted, 'It is the dead letter queue.', 'SQS3');
    this.stateMachineArn = this.formatArn({ service: 'states', resource: 'stateMachine', resourceName: 'x' });
    new CfnOutput(this, 'Places', {
      description: 'Where the lake lies: read by `lake --home aws`',
      value: this.toJsonString(places),
    });
  }
}
