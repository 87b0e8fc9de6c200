import { DescribeContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { GetCrawlerCommand, GetJobRunsCommand } from '@aws-sdk/client-glue';
import { paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import { databaseOf, lakeDatabases } from '../../../../src/platform/aws/athena/names.ts';
import { called } from '../../../../src/platform/aws/errors.ts';
import { openToIam } from '../../../../src/platform/aws/lake-formation/access-mode.ts';
import { type Answer, open, type Probe, proven, refuted } from '../probe.ts';

const RUN_FIRST = 'npx lake run --target aws, then again';

/** A setting of the table that no emulator keeps. */
export const recovery: Probe = {
  name: 'recovery',
  claim: 'the ledger can be restored to any second of the last 35 days',
  async ask({ clients: { dynamo }, places: { ledgerTable } }) {
    const { ContinuousBackupsDescription: found } = await called(
      'Looking at the backups of the ledger',
      'ledger',
      dynamo.send(new DescribeContinuousBackupsCommand({ TableName: ledgerTable })),
    );
    const status = found?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    return status === 'ENABLED'
      ? proven('point-in-time recovery is on')
      : refuted(`point-in-time recovery is ${status ?? 'unknown'}`, 'npx cdk deploy --all --force');
  },
};

/** Mail reaches nobody before the link in AWS's first message was followed. */
export const alarms: Probe = {
  name: 'alarms',
  claim: 'everybody in aws.alarmEmails has confirmed, and hears of alarms',
  async ask({ clients: { sns }, places: { topicArn }, campus }) {
    const wanted = campus.aws?.alarmEmails.length ?? 0;
    if (wanted === 0)
      return open('aws.alarmEmails names nobody', 'name who is to hear of alarms, and deploy');
    const pages = paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: topicArn });
    const arns: string[] = [];
    await called(
      'Listing who hears of alarms',
      'alarms',
      (async () => {
        for await (const { Subscriptions = [] } of pages)
          arns.push(
            ...Subscriptions.filter(({ Protocol }) => Protocol === 'email').map(
              ({ SubscriptionArn }) => SubscriptionArn ?? '',
            ),
          );
      })(),
    );
    const confirmed = arns.filter((arn) => arn.startsWith('arn:')).length;
    return confirmed >= wanted
      ? proven(`${confirmed} confirmed`)
      : refuted(
          `${confirmed} of ${wanted} confirmed`,
          'follow the link in the message from AWS Notifications',
        );
  },
};

/** A crawl with the rights of the crawler's role, under Lake Formation too. */
export const crawlers: Probe = {
  name: 'drift',
  claim: 'the crawlers of the SIS can read the raw files and write what they saw',
  async ask({ clients: { glue }, places: { drift = {} } }) {
    const states: [string, string | undefined][] = [];
    for (const { crawler } of Object.values(drift)) {
      const { Crawler } = await called(
        `Looking at the crawler ${crawler}`,
        'drift',
        glue.send(new GetCrawlerCommand({ Name: crawler })),
      );
      states.push([crawler, Crawler?.LastCrawl?.Status]);
    }
    return fromStates(states, 'no SIS is copied', 'SUCCEEDED');
  },
};

/** Glue's own workers. */
export const spark: Probe = {
  name: 'spark',
  claim: 'Glue builds models of engine: glue',
  async ask({ clients: { glue }, places: { sparkJob } }) {
    if (!sparkJob) return open('no model asks for Spark', 'nothing is to be done');
    const { JobRuns = [] } = await called(
      `Looking at the runs of ${sparkJob}`,
      'spark',
      glue.send(new GetJobRunsCommand({ JobName: sparkJob, MaxResults: 1 })),
    );
    return fromStates([[sparkJob, JobRuns[0]?.JobRunState]], '', 'SUCCEEDED');
  },
};

function fromStates(states: [string, string | undefined][], none: string, good: string): Answer {
  if (states.length === 0) return open(none, 'nothing is to be done');
  const failed = states.filter(([, state]) => state !== undefined && state !== good);
  if (failed.length > 0)
    return refuted(
      failed.map(([name, state]) => `${name}: ${state}`).join(', '),
      'the console of Glue shows its log',
    );
  const never = states.filter(([, state]) => state === undefined).map(([name]) => name);
  return never.length > 0
    ? open(`never ran: ${never.join(', ')}`, RUN_FIRST)
    : proven(states.map(([name]) => name).join(', '));
}

/** Lake Formation's own view of what is open. */
export const access: Probe = {
  name: 'access',
  claim: 'where Lake Formation decides, IAM opens no table of the lake',
  async ask({ clients: { lakeFormation }, places, campus }) {
    const mode = campus.aws?.access?.mode ?? 'iam';
    if (mode !== 'lake-formation')
      return open(`aws.access.mode is ${mode}`, 'nothing is to be done: IAM decides, by the two policies');
    const databases = lakeDatabases(Object.keys(campus.sources)).map((name) => databaseOf(places, name));
    const opened = await openToIam({ lakeFormation, catalog: places.account, databases });
    return opened.length === 0
      ? proven(`${databases.length} databases and their tables`)
      : refuted(`${opened.length} are open: ${opened.slice(0, 5).join(', ')}`, RUN_FIRST);
  },
};
