import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { EachNode, Plan } from '../../src/pipeline/plan.ts';
import { acknowledgeWide } from '../acknowledge.ts';
import { stateMachineFor } from './state-machine.ts';

export interface LakeStateMachineOptions {
  /** Default: CloudFormation makes one. */
  readonly name?: string;
  /** Where the history of executions goes, without data. Default: nowhere. */
  readonly logs?: ILogGroup;
}

export interface LakeStateMachineProps extends LakeStateMachineOptions {
  readonly plan: Plan;
  /** The function that hosts a step. */
  readonly functionOf: (step: string) => IFunction;
  /** The function that opens and ends runs, writes lists and records failures. */
  readonly control: IFunction;
  /** Whether a list grows with the college; then each of its items is an execution of its own. */
  readonly distributed: (list: EachNode) => boolean;
  /** Items of a list at once, at most. Default: what the plan says. */
  readonly atOnce?: number;
  /** Where such lists lie. */
  readonly records: IBucket;
}

/** The plan as a state machine, and what it may do: call its functions, read its lists, start its items. */
export class LakeStateMachine extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, props: LakeStateMachineProps) {
    super(scope, id);
    const called = new Set<IFunction>([props.control]);
    const definition = stateMachineFor(props.plan, {
      functionOf: (step) => {
        const host = props.functionOf(step);
        called.add(host);
        return host.functionArn;
      },
      control: props.control.functionArn,
      distributed: props.distributed,
      ...(props.atOnce === undefined ? {} : { atOnce: props.atOnce }),
      partition: Stack.of(this).partition,
    });
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: props.name,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      tracingEnabled: true,
      ...(props.logs ? { logs: { destination: props.logs, level: LogLevel.ALL } } : {}),
    });
    this.machine.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [...called].map((host) => host.functionArn),
      }),
    );
    const lists = props.records.arnForObjects('runs/*');
    this.machine.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [lists] }));
    acknowledgeWide(
      this.machine,
      'Lists of a run lie below one folder; delivery of logs and traces has no narrower resource.',
      '*',
      lists,
    );
    const key = props.records.encryptionKey;
    if (key) {
      this.machine.addToRolePolicy(
        new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }),
      );
    }
    this.#mayStartItems();
  }

  get arn(): string {
    return this.machine.stateMachineArn;
  }

  /**
   * Each item of a Distributed Map is an execution of the machine's own; its policy stands apart, since it names the
   * machine that the role belongs to. https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
   */
  #mayStartItems(): void {
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.machine.stateMachineName}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const items = new Policy(this, 'Items', {
      roles: [this.machine.role],
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [this.arn] }),
        new PolicyStatement({
          actions: ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
          resources: [executions],
        }),
      ],
    });
    acknowledgeWide(items, 'Executions get their names when they start.', executions);
  }
}
