import { Alarm, type ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface AlarmOptions {
  /** Its name after the lake's, and the anchor of its entry in docs/runbook.md. */
  readonly id: string;
  /** What has happened, in plain English: the first thing that the woken read. */
  readonly says: string;
  readonly metric: IMetric;
  readonly operator: ComparisonOperator;
  readonly threshold: number;
  /** Periods in a row. Default: 1. */
  readonly periods?: number;
  /** What no data means. Default: that all is well. */
  readonly missing?: TreatMissingData;
}

export interface AlarmProps extends AlarmOptions {
  readonly name: string;
  readonly topic: ITopic;
}

/** An alarm that the team hears of when it begins and when it ends. */
export function lakeAlarm(scope: Construct, props: AlarmProps): Alarm {
  const alarm = new Alarm(scope, `Alarm-${props.id}`, {
    alarmName: `${props.name}-${props.id}`,
    alarmDescription: `${props.says} What to do: docs/runbook.md, "${props.id}".`,
    metric: props.metric,
    comparisonOperator: props.operator,
    threshold: props.threshold,
    evaluationPeriods: props.periods ?? 1,
    treatMissingData: props.missing ?? TreatMissingData.NOT_BREACHING,
  });
  const action = new SnsAction(props.topic);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  return alarm;
}
