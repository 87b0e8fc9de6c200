import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { GIGABYTE } from '../serve/workgroups.ts';
import type { Settings } from '../settings.ts';
import type { AlarmOptions } from './lake-alarm.ts';

/** What is watched, by name. Absent: there is none. */
export interface Watched {
  readonly stateMachineArn: string;
  readonly deadLetterQueue: string;
  readonly ledgerTable: string;
  /** Workgroups in which people ask. */
  readonly people: readonly string[];
  /** Identifier of the DMS instance. Serverless replications have none, and no metrics of one. */
  readonly replication?: string;
  /** How often changes are followed between runs, in minutes. */
  readonly followMinutes?: number;
  /** Workgroup of the warehouse. */
  readonly warehouse?: string;
}

const { GREATER_THAN_THRESHOLD: MORE, LESS_THAN_THRESHOLD: LESS } = ComparisonOperator;
const HOUR = Duration.hours(1);

/** Every alarm of the lake. Each costs 10 cents a month, so there is one for what somebody must act on, and no more. */
export function alarmsOf(settings: Settings, watched: Watched): AlarmOptions[] {
  return [
    ...runAlarms(watched),
    ...queryAlarms(settings, watched),
    ...(watched.replication === undefined ? [] : replicationAlarms(settings, watched.replication)),
    ...(watched.replication === undefined || !capturesChanges(settings)
      ? []
      : [lagAlarm(watched.replication, watched.followMinutes)]),
    ...(watched.followMinutes === undefined ? [] : followAlarms(settings, watched.followMinutes)),
  ];
}

function runAlarms({ stateMachineArn, deadLetterQueue, ledgerTable }: Watched): AlarmOptions[] {
  const execution = (metricName: string) =>
    new Metric({
      namespace: 'AWS/States',
      metricName,
      dimensionsMap: { StateMachineArn: stateMachineArn },
      statistic: 'Sum',
      period: HOUR,
    });
  return [
    {
      id: 'run-failed',
      says: 'The nightly run failed: what failed still serves the previous data, the rest is new.',
      metric: execution('ExecutionsFailed'),
      operator: MORE,
      threshold: 0,
    },
    {
      id: 'run-timed-out',
      says: 'The nightly run exceeded its time limit, or somebody stopped it.',
      metric: execution('ExecutionsTimedOut'),
      operator: MORE,
      threshold: 0,
    },
    {
      // Looks at the lake's age, not at the run: it also speaks when nothing was ever started.
      id: 'no-successful-run',
      says: 'No run has succeeded for 26 hours: dashboards serve old data.',
      metric: execution('ExecutionsSucceeded'),
      operator: LESS,
      threshold: 1,
      periods: 26,
      missing: TreatMissingData.BREACHING,
    },
    {
      id: 'schedule-failed',
      says: 'The scheduler could not start the nightly run.',
      metric: new Metric({
        namespace: 'AWS/SQS',
        metricName: 'ApproximateNumberOfMessagesVisible',
        dimensionsMap: { QueueName: deadLetterQueue },
        statistic: 'Maximum',
        period: HOUR,
      }),
      operator: MORE,
      threshold: 0,
    },
    {
      id: 'ledger-throttled',
      says: 'DynamoDB throttles writes to the ledger: the run is slow, or several are running.',
      metric: new Metric({
        namespace: 'AWS/DynamoDB',
        metricName: 'WriteThrottleEvents',
        dimensionsMap: { TableName: ledgerTable },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      operator: MORE,
      threshold: 100,
      periods: 3,
    },
  ];
}

/** How many times the limit for one query people may read in a day before somebody looks. */
const DAY_OF_QUERIES = 10;

const bytesRead = (WorkGroup: string): Metric =>
  new Metric({
    namespace: 'AWS/Athena',
    metricName: 'ProcessedBytes',
    dimensionsMap: { WorkGroup, QueryType: 'DML', QueryState: 'SUCCEEDED' },
    statistic: 'Sum',
  });

function queryAlarms({ queryLimitGb }: Settings, { people, warehouse }: Watched): AlarmOptions[] {
  const queries: AlarmOptions = {
    id: 'athena-scan-limit',
    says: `Interactive queries have scanned more than ${DAY_OF_QUERIES * queryLimitGb} GB in a day.`,
    metric: new MathExpression({
      expression: people.map((_, i) => `FILL(m${i}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(people.map((group, i) => [`m${i}`, bytesRead(group)])),
      period: Duration.days(1),
    }),
    operator: MORE,
    threshold: DAY_OF_QUERIES * queryLimitGb * GIGABYTE,
  };
  if (warehouse === undefined) return [queries];
  const asleep: AlarmOptions = {
    id: 'warehouse-always-on',
    says: 'The warehouse has been active for six hours without a pause: a dashboard polls it, or a transaction is open.',
    metric: new Metric({
      namespace: 'AWS/Redshift-Serverless',
      metricName: 'ComputeCapacity',
      dimensionsMap: { Workgroup: warehouse },
      statistic: 'Minimum',
      period: HOUR,
    }),
    operator: MORE,
    threshold: 0,
    periods: 6,
  };
  return [queries, asleep];
}

function replicationAlarms({ replication: { storageGb } }: Settings, instance: string): AlarmOptions[] {
  const metric = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/DMS',
      metricName,
      dimensionsMap: { ReplicationInstanceIdentifier: instance },
      statistic,
      period: Duration.minutes(15),
    });
  return [
    {
      id: 'replication-disk',
      says: 'The disk of the DMS instance is nearly full; once it is, DMS stops reading the SIS.',
      metric: metric('FreeStorageSpace', 'Minimum'),
      operator: LESS,
      threshold: 0.1 * storageGb * GIGABYTE,
    },
    {
      id: 'replication-memory',
      says: 'The DMS instance swaps: loads of the SIS become slow and can fail.',
      metric: metric('SwapUsage', 'Maximum'),
      operator: MORE,
      threshold: GIGABYTE,
      periods: 2,
    },
  ];
}

const capturesChanges = ({ sis }: Settings): boolean =>
  sis.some(([, source]) => source.replication === 'full-load-and-cdc');

/** Seconds. DMS itself keeps changes for five minutes before it writes them. */
const LAG = 3_600;

/**
 * How far what lies in the lake is behind the SIS. Tasks are made by the pipeline, so that their names, of which the
 * metric has one each, are unknown here: the alarm asks for all of the instance. The lag at the target is never less than that at the source
 * (https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Monitoring.html), so one alarm tells both. Of a
 * query an alarm sees three hours at most
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Metrics_Insights_Alarm.html).
 */
function lagAlarm(instance: string, followMinutes = LAG / 60): AlarmOptions {
  const minutes = Math.max(15, Math.min(LAG / 60, 3 * followMinutes));
  return {
    id: 'replication-lag',
    says: `Changes of the SIS arrive more than ${minutes === 60 ? 'an hour' : `${minutes} minutes`} late; meanwhile the SIS retains its log.`,
    metric: new MathExpression({
      expression: `SELECT MAX(CDCLatencyTarget) FROM "AWS/DMS" WHERE ReplicationInstanceIdentifier = '${instance}'`,
      label: 'Seconds behind the SIS',
      period: Duration.minutes(15),
    }),
    operator: MORE,
    threshold: 60 * minutes,
    periods: 3,
  };
}

/** A round that finds nothing, or a run under way, counts; so rounds are missing only where none can be done. */
function followAlarms({ name }: Settings, minutes: number): AlarmOptions[] {
  const metric = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'CampusLake',
      metricName,
      dimensionsMap: { service: 'campus-lake', Lake: name },
      statistic,
      period: Duration.minutes(Math.max(15, minutes)),
    });
  return [
    {
      id: 'not-followed',
      says: 'Changes of the SIS have not been followed for three rounds or more; the nightly run still brings them.',
      metric: metric('FollowRounds', 'Sum'),
      operator: LESS,
      threshold: 1,
      periods: 3,
      missing: TreatMissingData.BREACHING,
    },
    {
      id: 'followed-late',
      says: 'What is followed of the SIS is more than an hour behind it and the interval.',
      metric: metric('FollowedBehind', 'Maximum'),
      operator: MORE,
      threshold: LAG + 60 * minutes,
      periods: 3,
    },
  ];
}
