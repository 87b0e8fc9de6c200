import { ArnFormat } from 'aws-cdk-lib';
import { CfnExperimentTemplate } from 'aws-cdk-lib/aws-fis';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeWide } from '../acknowledge.ts';
import { LakeStack } from '../lake-stack.ts';
import type { NetworkStack } from '../network/network-stack.ts';
import type { Settings } from '../settings.ts';
import { bucketName } from '../storage/bucket-names.ts';
import type { StorageStack } from '../storage/storage-stack.ts';
import { automation } from './automation.ts';
import { EXPERIMENTS, type FaultExperiment, STOP_ALARM } from './experiments.ts';

export interface FaultStackProps {
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly network?: NetworkStack;
}

type Target = CfnExperimentTemplate.ExperimentTemplateTargetProperty;
type Action = CfnExperimentTemplate.ExperimentTemplateActionProperty;
interface Work {
  readonly targets: Record<string, Target>;
  readonly action: Action;
}

/** Folder of the reports, among the records. */
const REPORTS = 'experiments';
const NETWORK_POLICY = 'service-role/AWSFaultInjectionSimulatorNetworkAccess';

/** The name of the state machine of the nightly run. */
const runOf = ({ name }: Settings): string => `${name}-nightly`;

/**
 * Templates of experiments for AWS's Fault Injection Service. Nothing happens before somebody starts one, in an account
 * for tests; each ends with the alarm of a lake that is late, and writes its report among the records.
 */
export class FaultStack extends LakeStack {
  constructor(scope: Construct, props: FaultStackProps) {
    const { settings } = props;
    super(scope, 'faults', settings, {
      description: `Fault experiments with the lake of ${settings.campus.name}`,
    });
    this.after(props.storage);
    const role = this.#role(props);
    const works = this.#works(props, role);
    for (const experiment of EXPERIMENTS) {
      const work = works[experiment.name];
      if (work) this.#template(experiment, work, role);
    }
  }

  #template({ name, fault, hypothesis }: FaultExperiment, { targets, action }: Work, role: Role): void {
    const template = new CfnExperimentTemplate(this, `Experiment-${name}`, {
      description: `${fault}. To be shown: ${hypothesis}`.slice(0, 512),
      roleArn: role.roleArn,
      stopConditions: [
        {
          source: 'aws:cloudwatch:alarm',
          value: this.formatArn({
            service: 'cloudwatch',
            resource: 'alarm',
            resourceName: this.named(STOP_ALARM),
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      ],
      targets,
      actions: { [name]: action },
      experimentReportConfiguration: {
        outputs: {
          experimentReportS3Configuration: {
            bucketName: bucketName(this.settings, 'records'),
            prefix: REPORTS,
          },
        },
        dataSources: { cloudWatchDashboards: [{ dashboardIdentifier: this.#dashboard() }] },
        preExperimentDuration: 'PT20M',
        postExperimentDuration: 'PT20M',
      },
      experimentOptions: { emptyTargetResolutionMode: 'fail', accountTargeting: 'single-account' },
      tags: { Name: this.named(name), lake: this.settings.name },
    });
    template.node.addDependency(role);
  }

  /** What each template does, where the lake has what it disturbs. */
  #works({ settings, network }: FaultStackProps, role: Role): Record<string, Work | undefined> {
    const subnet = settings.sis.length > 0 ? network?.subnets.replication[0] : undefined;
    const states = (resource: string, resourceName: string) =>
      this.formatArn({
        service: 'states',
        resource,
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const stateMachineArn = states('stateMachine', runOf(settings));
    const arnOf = (service: string, resource: string, resourceName: string) =>
      this.formatArn({ service, resource, resourceName });
    return {
      'zone-away': subnet === undefined ? undefined : this.#zoneAway(arnOf('ec2', 'subnet', subnet), role),
      'run-killed': this.#automated(
        role,
        automation(this, 'run-killed', {
          rights: [
            { actions: ['states:ListExecutions'], resources: [stateMachineArn] },
            {
              actions: ['states:StopExecution'],
              resources: [states('execution', `${runOf(settings)}:*`)],
            },
          ],
          steps: [
            {
              name: 'find',
              service: 'stepfunctions',
              api: 'ListExecutions',
              inputs: { stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 },
              outputs: [{ Name: 'execution', Selector: '$.executions[0].executionArn', Type: 'String' }],
            },
            {
              name: 'stop',
              service: 'stepfunctions',
              api: 'StopExecution',
              inputs: { executionArn: '{{ find.execution }}', error: 'FaultExperiment' },
            },
          ],
        }),
      ),
      'functions-throttled': this.#automated(role, this.#throttled(settings)),
      'region-away': settings.recovery?.copies
        ? this.#copiesPaused(settings, settings.recovery.region, role)
        : undefined,
    };
  }

  #zoneAway(subnetArn: string, role: Role): Work {
    role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName(NETWORK_POLICY));
    acknowledge(
      role,
      'AWS keeps the rights of its network faults in this policy.',
      `IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${NETWORK_POLICY}]`,
    );
    return {
      targets: {
        Subnets: { resourceType: 'aws:ec2:subnet', resourceArns: [subnetArn], selectionMode: 'ALL' },
      },
      action: {
        actionId: 'aws:network:disrupt-connectivity',
        parameters: { duration: 'PT10M', scope: 'all' },
        targets: { Subnets: 'Subnets' },
      },
    };
  }

  #throttled({ name }: Settings) {
    const FunctionName = `${name}-stage`;
    const arn = this.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: FunctionName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return automation(this, 'functions-throttled', {
      rights: [
        {
          actions: ['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
          resources: [arn],
        },
      ],
      steps: [
        {
          name: 'throttle',
          service: 'lambda',
          api: 'PutFunctionConcurrency',
          inputs: { FunctionName, ReservedConcurrentExecutions: 1 },
        },
        { name: 'wait', wait: 'PT5M' },
        { name: 'release', service: 'lambda', api: 'DeleteFunctionConcurrency', inputs: { FunctionName } },
      ],
      atLast: 'release',
    });
  }

  #automated(role: Role, { documentArn, roleArn, document }: ReturnType<typeof automation>): Work {
    const execution = this.formatArn({ service: 'ssm', resource: 'automation-execution', resourceName: '*' });
    const definition = this.formatArn({
      service: 'ssm',
      resource: 'automation-definition',
      resourceName: `${document}:*`,
    });
    const allow = (actions: string[], ...resources: string[]) =>
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    allow(['ssm:StartAutomationExecution'], definition);
    allow(['ssm:GetAutomationExecution', 'ssm:StopAutomationExecution'], execution);
    role.addToPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
      }),
    );
    acknowledgeWide(role, 'Executions have no names; versions of one document.', execution, definition);
    return {
      targets: {},
      action: {
        actionId: 'aws:ssm:start-automation-execution',
        parameters: {
          documentArn,
          documentParameters: JSON.stringify({ AutomationAssumeRole: 'ROLE' }).replace('ROLE', roleArn),
          maxDuration: 'PT15M',
        },
      },
    };
  }

  #copiesPaused(settings: Settings, region: string, role: Role): Work {
    const buckets = (['raw', 'curated', 'records'] as const).map((zone) =>
      this.formatArn({ service: 's3', region: '', account: '', resource: bucketName(settings, zone) }),
    );
    const paused = { Bool: { 's3:isReplicationPauseRequest': 'true' } };
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:PutReplicationConfiguration'],
        resources: buckets,
        conditions: paused,
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:GetReplicationConfiguration', 's3:PauseReplication'],
        resources: buckets,
      }),
    );
    role.addToPolicy(
      new PolicyStatement({ actions: ['s3:ListAllMyBuckets', 'tag:GetResources'], resources: ['*'] }),
    );
    acknowledgeWide(role, 'AWS has no resource for lists of buckets and of tags.', '*');
    return {
      targets: { Buckets: { resourceType: 'aws:s3:bucket', resourceArns: buckets, selectionMode: 'ALL' } },
      action: {
        actionId: 'aws:s3:bucket-pause-replication',
        parameters: { duration: 'PT1H', region },
        targets: { Buckets: 'Buckets' },
      },
    };
  }

  #dashboard(): string {
    return this.formatArn({
      service: 'cloudwatch',
      region: '',
      resource: 'dashboard',
      resourceName: this.settings.name,
    });
  }

  /** Its own part: the report. What each experiment needs is added to it. */
  #role({ settings: { name }, storage }: FaultStackProps): Role {
    const role = new Role(this, 'Role', {
      roleName: `${name}-faults`,
      description: 'AWS FIS disturbs the lake on purpose',
      assumedBy: new ServicePrincipal('fis.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    });
    const reports = storage.buckets.records.arnForObjects(`${REPORTS}/*`);
    const allow = (actions: string[], ...resources: string[]) =>
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    allow(['s3:PutObject'], reports);
    allow(['kms:GenerateDataKey'], storage.key.keyArn);
    allow(['cloudwatch:GetDashboard'], this.#dashboard());
    allow(['cloudwatch:GetMetricWidgetImage'], '*');
    acknowledgeWide(
      role,
      'Reports have names of their own; AWS has no resource for pictures of metrics.',
      reports,
      '*',
    );
    return role;
  }
}
