import { Dashboard, GraphWidget, type IMetric, PeriodOverride, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { AlarmOptions } from './lake-alarm.ts';

/** What every alarm looks at, on one page: one graph an alarm, its own words above it. */
export function dashboard(
  scope: Construct,
  name: string,
  title: string,
  alarms: readonly AlarmOptions[],
): void {
  const board = new Dashboard(scope, 'Dashboard', {
    dashboardName: name,
    periodOverride: PeriodOverride.INHERIT,
  });
  board.addWidgets(
    new TextWidget({
      markdown: `# ${title}\nEach graph is one alarm; the line is the alarm threshold. What to do: docs/runbook.md`,
      width: 24,
      height: 2,
    }),
  );
  board.addWidgets(
    ...alarms.map(
      ({ id, metric, threshold }) =>
        new GraphWidget({
          title: id,
          left: [metric as IMetric],
          leftAnnotations: [{ value: threshold, label: 'alarm' }],
          width: 8,
          height: 6,
        }),
    ),
  );
}
