import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { arnOfEndpoint, INSTANCE_ARN } from '../aws/dms.ts';
import { leaveOut, type StandIn, type Template } from './stand-ins.ts';

/** What the emulator's CloudFormation refuses, and what stands where it is. */
export const UNKNOWN: Readonly<Record<string, (properties: Record<string, unknown>) => StandIn | undefined>> =
  {
    // Alarms of one metric it makes, those that calculate it refuses.
    'AWS::CloudWatch::Alarm': ({ Metrics }) => (Metrics === undefined ? undefined : {}),
    'AWS::Budgets::Budget': () => ({}),
    'AWS::Athena::NamedQuery': () => ({}),
    'AWS::EC2::FlowLog': () => ({}),
    'AWS::DMS::EventSubscription': () => ({}),
    'AWS::DMS::ReplicationSubnetGroup': () => ({}),
    'AWS::DMS::ReplicationInstance': () => ({
      ref: INSTANCE_ARN,
      attributes: { ReplicationInstancePublicIpAddresses: '203.0.113.7' },
    }),
    'AWS::DMS::Endpoint': ({ EndpointIdentifier }) => ({
      ref: arnOfEndpoint(String(EndpointIdentifier)),
    }),
    'AWS::RedshiftServerless::Namespace': ({ NamespaceName }) => ({ ref: String(NamespaceName) }),
    'AWS::RedshiftServerless::Workgroup': ({ WorkgroupName }) => ({
      ref: String(WorkgroupName),
      attributes: {
        'Workgroup.Endpoint.Address': '127.0.0.1',
        'Workgroup.WorkgroupArn': 'arn:aws:redshift-serverless:us-east-1:000000000000:workgroup/lake',
      },
    }),
    // It calls the service that is not there.
    'Custom::WarehouseUsageLimit': () => ({}),
  };

/** Processes of one function at once: each is a Node of its own here, where two processors do all the work. */
const AT_ONCE = 3;

/**
 * Synthesizes an app for the emulator. What differs from what a college deploys: types that the emulator does not
 * know are left out; functions bring a runtime that keeps the names of errors (see runtime/bootstrap); `environment`
 * is added to theirs, by which the SDK finds the stand-ins of single services; fewer tables are loaded at once.
 * Context: `seconds`, after which a function is ended; `environment`, a JSON object.
 */
export function synthForEmulator(app: App): void {
  const context = (key: string) => app.node.tryGetContext(key) as string | undefined;
  const seconds = context('seconds');
  const environment = JSON.parse(context('environment') ?? '{}') as Record<string, string>;
  for (const node of app.node.findAll()) {
    if (!(node instanceof CfnFunction)) continue;
    if (!String(node.handler).endsWith('.handler')) continue;
    node.runtime = 'provided.al2023';
    node.tracingConfig = { mode: 'PassThrough' };
    if (seconds !== undefined) node.timeout = Number(seconds);
    for (const [name, value] of Object.entries(environment))
      node.addPropertyOverride(`Environment.Variables.${name}`, value);
  }
  const { directory } = app.synth();
  for (const name of readdirSync(directory)) {
    const place = join(directory, name);
    if (existsSync(join(place, 'run.mjs')))
      copyFileSync(join(import.meta.dirname, 'runtime/bootstrap'), join(place, 'bootstrap'));
    if (name.endsWith('.template.json')) {
      const text = readFileSync(place, 'utf8').replaceAll(
        /(MaxConcurrency\\*":)(\d+)/g,
        (_, name: string, limit: string) => name + Math.min(Number(limit), AT_ONCE),
      );
      const template = JSON.parse(text) as Template;
      leaveOut(template, UNKNOWN);
      writeFileSync(place, JSON.stringify(template));
    }
  }
}
