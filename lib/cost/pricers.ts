import { backups, buckets, dynamo, glue, keys, secrets } from './price-data.ts';
import { endpoints, flowLogs, replication, vpnConnections } from './price-network.ts';
import {
  athena,
  crawlers,
  lambda,
  queues,
  schedules,
  sparkJob,
  stateMachines,
  topics,
  warehouse,
  warehouseStorage,
} from './price-run.ts';
import { alarms, compositeAlarms, dashboards, levels, logs } from './price-watch.ts';
import type { Charge, Resource } from './template.ts';
import type { Usage } from './usage.ts';

/** What all resources of one type cost, of all stacks; called only where there is one. */
type Pricer = (found: readonly Resource[], usage: Usage) => readonly Charge[];

const PRICERS: Readonly<Record<string, Pricer>> = {
  'AWS::ApplicationSignals::ServiceLevelObjective': levels,
  'AWS::Athena::WorkGroup': athena,
  'AWS::Backup::BackupPlan': backups,
  'AWS::CloudWatch::Alarm': alarms,
  'AWS::CloudWatch::CompositeAlarm': compositeAlarms,
  'AWS::CloudWatch::Dashboard': dashboards,
  'AWS::DMS::ReplicationInstance': replication,
  'AWS::DynamoDB::Table': dynamo,
  'AWS::EC2::FlowLog': flowLogs,
  'AWS::EC2::VPCEndpoint': endpoints,
  'AWS::EC2::VPNConnection': vpnConnections,
  'AWS::Glue::Crawler': crawlers,
  'AWS::Glue::Database': glue,
  'AWS::Glue::Job': sparkJob,
  'AWS::KMS::Key': keys,
  'AWS::Lambda::Function': lambda,
  'AWS::Logs::LogGroup': logs,
  'AWS::RedshiftServerless::Namespace': warehouseStorage,
  'AWS::RedshiftServerless::Workgroup': warehouse,
  'AWS::S3::Bucket': buckets,
  'AWS::SNS::Topic': topics,
  'AWS::SQS::Queue': queues,
  'AWS::Scheduler::Schedule': schedules,
  'AWS::SecretsManager::Secret': secrets,
  'AWS::StepFunctions::StateMachine': stateMachines,
};

/** Costs nothing itself; what goes on in it is priced above. */
const FREE = new Set([
  'AWS::Athena::NamedQuery',
  'AWS::Backup::BackupSelection',
  'AWS::Backup::BackupVault',
  // The first two of an account, and all that only tell: https://aws.amazon.com/aws-cost-management/aws-budgets/pricing/
  'AWS::Budgets::Budget',
  'AWS::CDK::Metadata',
  'AWS::DMS::Certificate',
  'AWS::DMS::Endpoint',
  'AWS::DMS::EventSubscription',
  'AWS::DMS::ReplicationSubnetGroup',
  'AWS::EC2::CustomerGateway',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::EC2::VPNConnectionRoute',
  'AWS::EC2::VPNGateway',
  'AWS::EC2::VPNGatewayRoutePropagation',
  // Costs by the minute of an experiment, when somebody starts one.
  'AWS::FIS::ExperimentTemplate',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::IAM::ServiceLinkedRole',
  'AWS::KMS::Alias',
  'AWS::LakeFormation::DataLakeSettings',
  'AWS::LakeFormation::PrincipalPermissions',
  'AWS::LakeFormation::Resource',
  'AWS::LakeFormation::Tag',
  'AWS::LakeFormation::TagAssociation',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Document',
  // Standard ones: https://aws.amazon.com/systems-manager/pricing/
  'AWS::SSM::Parameter',
  'Custom::S3AutoDeleteObjects',
  'Custom::WarehouseUsageLimit',
]);

/** @returns undefined for a type of which nobody has said what it costs */
export function pricerOf(type: string): Pricer | undefined {
  if (Object.hasOwn(PRICERS, type)) return PRICERS[type];
  return FREE.has(type) ? () => [] : undefined;
}
