import { isIP } from 'node:net';
import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Reach, Settings } from '../settings.ts';
import type { TaskNeeds } from './mapping-limits.ts';

type Source = Settings['sis'][number][1];

/** What campus.yaml says of a SIS that works, and that its engineer should know of at synth. */
export function warnOfSource(
  scope: IConstruct,
  source: string,
  { password, ssl, host }: Source,
  secret: string,
  { tables }: TaskNeeds,
  reach: Reach,
): void {
  const warn = (id: string, text: string) => Annotations.of(scope).addWarningV2(`lake:${source}:${id}`, text);
  if (!('secretsManager' in password))
    warn(
      'secret',
      `sources.${source}.password lies on one machine; DMS will read the secret "${secret}" of Secrets Manager, with username, password, host and port: docs/deploy.md`,
    );
  if (ssl === 'disable')
    warn(
      'ssl',
      `sources.${source}.ssl is "disable": rows of students would travel in clear text; write ssl: require`,
    );
  if (reach !== 'internet' && isIP(host) === 0)
    warn(
      'dns',
      `sources.${source}.host is the name ${host}: DMS asks public DNS for it, not that of the campus. Where only the campus knows the name, give its address here and in the secret, or a Route 53 Resolver rule to the VPC: docs/deploy.md`,
    );
  if (tables === 0) warn('catalog', `the catalog lists no table of ${source}: lake discover ${source}`);
}

/** The traps of DMS Serverless: docs/decisions/0014-serverless-replication-is-a-choice.md */
export function warnOfServerless(
  scope: IConstruct,
  { network, replication, sis }: Settings,
  needs: ReadonlyMap<string, TaskNeeds>,
): void {
  if (!replication.serverless) return;
  const warn = (id: string, text: string) =>
    Annotations.of(scope).addWarningV2(`lake:serverless:${id}`, text);
  warn(
    'price',
    'aws.replication.serverless: each load waits until DMS has set up its capacity, often for half an hour, and a replication is billed until it is deleted; an instance is cheaper for most colleges: docs/deploy.md',
  );
  if (network.reach === 'existing')
    warn(
      'endpoints',
      `serverless replications reach S3 and Secrets Manager through endpoints of the VPC only: ${network.existing?.vpc} must have both`,
    );
  const captured = sis.filter(([, source]) => source.replication === 'full-load-and-cdc');
  if (captured.length > 0)
    warn(
      'changes',
      `${captured.map(([source]) => source).join(', ')}: the changes are captured around the clock, at ${replication.serverless.minDcu} DCU or more all day`,
    );
  for (const [source, { tables, tasks }] of needs)
    if (tasks > 1)
      warn(
        `split:${source}`,
        `${source}: ${tables} tables make ${tasks} replications, each with capacity of its own; raise aws.replication.tablesPerTask (${replication.tablesPerTask})`,
      );
}
