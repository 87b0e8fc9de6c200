import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { CfnServiceLevelObjective } from 'aws-cdk-lib/aws-applicationsignals';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmRule,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { BuildFeatureStack, FeatureDeployment } from '../ports/feature.ts';
import { duration } from './burn-alerts.ts';
import { loadObjectivesAtOnce } from './load-objectives.ts';
import type { BurnAlert, Objective } from './objective.ts';
import { WATCHED_MINUTES, WATCHED_NAMES } from './watched-names.ts';
import { promiseInWords } from './words.ts';

/** Objectives with alerts: of the others nothing happens between runs. */
const watched = (campus: FeatureDeployment['campus']): Objective[] =>
  loadObjectivesAtOnce(campus).objectives.filter(({ alerts }) => alerts.length > 0);

/**
 * Looks at the service levels every few minutes, with the code that answers on one machine; alarms of CloudWatch on how
 * fast each error budget burns, and service level objectives of Application Signals.
 */
export const buildLevels: BuildFeatureStack = Object.assign(
  (stack: Construct, deployment: FeatureDeployment) => {
    schedule(stack, deployment);
    unknownAlarm(stack, deployment);
    for (const objective of watched(deployment.campus)) {
      burnAlarms(stack, deployment, objective);
      applicationSignals(stack, deployment, objective);
    }
  },
  { isNeeded: (campus: FeatureDeployment['campus']) => watched(campus).length > 0 },
);

const metric = (
  { name }: FeatureDeployment,
  metricName: string,
  dimensions: Record<string, string> = {},
): Metric =>
  new Metric({
    namespace: 'CampusLake',
    metricName,
    dimensionsMap: { service: 'campus-lake', Lake: name, ...dimensions },
    statistic: 'Maximum',
    period: Duration.minutes(WATCHED_MINUTES),
  });

function schedule(stack: Construct, { name, key }: FeatureDeployment): void {
  // The function of the runs, of a stack that is deployed after this one: by its name.
  const target = Stack.of(stack).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: `${name}-run`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const role = new Role(stack, 'Scheduler', {
    description: 'Looks at the service levels between runs',
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(stack).account } },
    }),
  });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target] }));
  role.addToPolicy(new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }));
  const rule = new CfnSchedule(stack, 'Watch', {
    name: `${name}-service-levels`,
    description: `Looks at the service levels every ${WATCHED_MINUTES} minutes`,
    scheduleExpression: `rate(${WATCHED_MINUTES} minutes)`,
    flexibleTimeWindow: { mode: 'OFF' },
    kmsKeyArn: key.keyArn,
    target: {
      arn: target,
      roleArn: role.roleArn,
      input: JSON.stringify({ call: 'watch', feature: 'slo' }),
      // The next look comes soon, and sees everything that this one would have seen.
      retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
    },
  });
  rule.node.addDependency(role);
}

function unknownAlarm(stack: Construct, deployment: FeatureDeployment): void {
  const alarm = new Alarm(stack, 'Alarm-unknown', {
    alarmName: `${deployment.name}-slo-unknown`,
    alarmDescription:
      'Nobody has looked at the service levels for half an hour: a broken promise would not be noticed. What to do: docs/runbook.md, "slo-unknown".',
    metric: metric(deployment, WATCHED_NAMES.watched),
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 6,
    treatMissingData: TreatMissingData.BREACHING,
  });
  tell(alarm, deployment);
}

/** An alarm for each window; the team hears of the composite alarm of a severity only. */
function burnAlarms(stack: Construct, deployment: FeatureDeployment, objective: Objective): void {
  for (const severity of ['page', 'ticket'] as const) {
    const alerts = objective.alerts.filter((alert) => alert.severity === severity);
    if (alerts.length === 0) continue;
    const id = `${objective.name}-${severity}`;
    const composite = new CompositeAlarm(stack, `Alarm-${id}`, {
      compositeAlarmName: `${deployment.name}-slo-${id}`,
      alarmDescription: `${objective.name} burns its error budget too fast: ${promiseInWords(objective)}. What to do: docs/runbook.md, "slo-burn".`,
      alarmRule: AlarmRule.anyOf(
        ...alerts.map((alert) => allWindows(stack, deployment, { objective, alert })),
      ),
    });
    tell(composite, deployment);
  }
}

function allWindows(
  stack: Construct,
  deployment: FeatureDeployment,
  { objective, alert }: { readonly objective: Objective; readonly alert: BurnAlert },
): IAlarmRule {
  const windows = [...new Set(alert.windowsMs)].map((windowMs) => {
    const id = `${objective.name}-${alert.name}-${duration(windowMs)}`;
    const alarm = new Alarm(stack, `Alarm-${id}`, {
      alarmName: `${deployment.name}-slo-${id}`,
      alarmDescription: `${objective.name} burned its error budget too fast over ${duration(windowMs)}; one of the windows of ${alert.name}. What to do: docs/runbook.md, "slo-burn".`,
      metric: metric(deployment, WATCHED_NAMES.burn, {
        Objective: objective.name,
        Window: duration(windowMs),
      }),
      comparisonOperator: alert.inclusive
        ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: Number(alert.threshold),
      evaluationPeriods: Math.max(1, Math.ceil((alert.forMs ?? 0) / (WATCHED_MINUTES * 60_000))),
      // What nobody knows changes nothing; that nobody knows has an alarm of its own.
      treatMissingData: TreatMissingData.IGNORE,
    });
    return AlarmRule.fromAlarm(alarm, AlarmState.ALARM);
  });
  return AlarmRule.allOf(...windows);
}

function tell(alarm: Alarm | CompositeAlarm, { topic }: FeatureDeployment): void {
  const action = new SnsAction(topic);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
}

const DAY_MS = 86_400_000;

/** A rolling objective of minutes, as Application Signals has them: attainment by periods of the watch. */
function applicationSignals(stack: Construct, deployment: FeatureDeployment, objective: Objective): void {
  const { name, target, window, indicator } = objective;
  if (window.kind !== 'rolling' || indicator.kind !== 'age' || window.ms % DAY_MS !== 0) return;
  const windows = [...new Set(objective.alerts.flatMap(({ windowsMs }) => windowsMs))];
  new CfnServiceLevelObjective(stack, `Objective-${name}`, {
    name: `${deployment.name}-${name}`,
    description: promiseInWords(objective),
    sli: {
      comparisonOperator: 'GreaterThanOrEqualTo',
      metricThreshold: 1,
      sliMetric: {
        metricDataQueries: [
          {
            id: 'good',
            returnData: true,
            metricStat: {
              metric: {
                namespace: 'CampusLake',
                metricName: WATCHED_NAMES.good,
                dimensions: [
                  { name: 'service', value: 'campus-lake' },
                  { name: 'Lake', value: deployment.name },
                  { name: 'Objective', value: name },
                ],
              },
              period: WATCHED_MINUTES * 60,
              stat: 'Minimum',
            },
          },
        ],
      },
    },
    goal: {
      attainmentGoal: Number(target.mul(100)),
      interval: { rollingInterval: { duration: window.ms / DAY_MS, durationUnit: 'DAY' } },
    },
    // At most 10, of a week at most.
    burnRateConfigurations: windows
      .map((ms) => ms / 60_000)
      .filter((minutes) => minutes <= 10_080)
      .slice(0, 10)
      .map((lookBackWindowMinutes) => ({ lookBackWindowMinutes })),
  });
}
