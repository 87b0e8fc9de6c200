import { Annotations, CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { pseudonymSecrets } from '../../src/campus/pseudonym-secrets.ts';
import { isLms } from '../../src/campus/source-role.ts';
import { FEATURES } from '../../src/features.ts';
import { type Plan, planFor } from '../../src/pipeline/plan.ts';
import type { SecretRef } from '../../src/ports/secrets.ts';
import { acknowledge } from '../acknowledge.ts';
import { DriftCrawlers } from '../drift/drift-crawlers.ts';
import { exported } from '../exported.ts';
import { LakeStack } from '../lake-stack.ts';
import { SparkJob } from '../transform/spark-job.ts';
import { eraserRole } from './eraser-role.ts';
import { followSchedule } from './follow-schedule.ts';
import { functionCode } from './function-code.ts';
import { rightsOf } from './function-rights.ts';
import { FUNCTION_NAMES, FUNCTIONS, type FunctionName, functionOf } from './functions.ts';
import { LakeFunction } from './lake-function.ts';
import { LakeStateMachine } from './lake-state-machine.ts';
import { nightlySchedule } from './nightly-schedule.ts';
import { functionPlaces, type LakeParts, logKeyOf, placesOf } from './places.ts';

export interface PipelineProps extends LakeParts {
  /** Default: the campus's whole plan. */
  readonly plan?: Plan;
}

/** The nightly run: its functions, its state machine, its schedule. Holds nothing; can be made again at any time. */
export class PipelineStack extends LakeStack {
  readonly stateMachineArn: string;
  /** Where the scheduler lays a run that it could not start. */
  readonly notStarted: Queue;

  constructor(scope: Construct, parts: PipelineProps) {
    const { settings, storage } = parts;
    super(scope, 'pipeline', settings, { description: `The nightly run of ${settings.campus.name}` });
    this.after(storage, parts.serve, parts.notify, parts.sis, parts.warehouse);
    if (settings.spark.models.length > 0) new SparkJob(this, 'Spark', parts);
    if (settings.sis.length > 0) new DriftCrawlers(this, 'Drift', parts);
    const places = placesOf(this, parts);
    const functions = this.#functions(parts, this.toJsonString(functionPlaces(places, parts)));
    const machine = this.#machine(parts, functions);
    this.stateMachineArn = machine.arn;
    this.notStarted = this.#deadLetters(parts);
    nightlySchedule(this, 'Nightly', {
      name: this.named('nightly'),
      campus: settings.campus,
      machine: machine.machine,
      notStarted: this.notStarted,
      key: storage.key,
    });
    eraserRole(this, parts);
    this.#warnOfSecrets();
    new CfnOutput(this, 'Places', {
      description: 'Where the lake lies: read by `lake --target aws`',
      value: this.toJsonString(places),
    });
    exported(this, settings, { 'state-machine': [machine.arn, 'The nightly run'] });
    new CfnOutput(this, 'StateMachine', { description: 'The nightly run', value: machine.arn });
  }

  #functions(parts: LakeParts, places: string): Record<FunctionName, LakeFunction> {
    const { settings } = parts;
    const code: Code = functionCode(settings.campus, parts.bundle);
    const environment = {
      LAKE_PLACES: places,
      ...(settings.campus.environment !== undefined && { LAKE_ENVIRONMENT: settings.campus.environment }),
      POWERTOOLS_LOG_LEVEL: 'INFO',
      // Connections are kept from one call to the next.
      AWS_NODEJS_CONNECTION_REUSE_ENABLED: '1',
    };
    const made = FUNCTION_NAMES.map((name) => {
      const { steps, memory, minutes } = FUNCTIONS[name];
      const lambda = new LakeFunction(this, `Function-${name}`, {
        name: this.named(name),
        description: `Hosts ${steps.join(', ')}`,
        code,
        handler: `${name}.handler`,
        memory,
        minutes,
        environment,
        rights: rightsOf(name, this, parts),
        logRetentionDays: settings.logRetentionDays as RetentionDays,
        logKey: logKeyOf(parts),
      });
      return [name, lambda] as const;
    });
    const minutes = settings.replication.followMinutes;
    if (minutes !== undefined && parts.sis) followSchedule(this, parts, { code, environment, minutes });
    return Object.fromEntries(made) as Record<FunctionName, LakeFunction>;
  }

  #machine(parts: PipelineProps, functions: Record<FunctionName, LakeFunction>): LakeStateMachine {
    const { settings, storage, plan } = parts;
    const logs = new LogGroup(this, 'RunLog', {
      // Only under this prefix does the log's policy stay below the limit of its length.
      logGroupName: `/aws/vendedlogs/states/${this.named('nightly')}`,
      retention: settings.logRetentionDays as RetentionDays,
      encryptionKey: logKeyOf(parts),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new LakeStateMachine(this, 'Run', {
      name: this.named('nightly'),
      plan: plan ?? planFor(settings.campus, FEATURES),
      functionOf: (step) => functions[functionOf(step)].handler,
      control: functions.run.handler,
      // Lists of datasets do; models are written by hand.
      distributed: ({ label }) => label === 'dataset',
      atOnce: settings.tablesAtOnce,
      records: storage.buckets.records,
      logs,
    });
  }

  #deadLetters({ storage }: LakeParts): Queue {
    const queue = new Queue(this, 'ScheduleFailed', {
      queueName: this.named('schedule-failed'),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: storage.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(queue, 'It is the dead letter queue.', 'SQS3');
    return queue;
  }

  /** A secret that lies on one machine is nowhere on AWS. */
  #warnOfSecrets(): void {
    const warn = (where: string, ref: SecretRef | undefined) => {
      if (!ref || 'secretsManager' in ref) return;
      Annotations.of(this).addWarningV2(
        `lake:${where}`,
        `${where} lies on one machine; the functions read { secretsManager: <name> }: docs/deploy.md`,
      );
    };
    const { campus } = this.settings;
    for (const [name, source] of Object.entries(campus.sources)) {
      if (!isLms(source)) continue;
      warn(`sources.${name}.clientId`, source.clientId);
      warn(`sources.${name}.clientSecret`, source.clientSecret);
    }
    for (const ref of pseudonymSecrets(campus)) warn('privacy.key', ref);
  }
}
