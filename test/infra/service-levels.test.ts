import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { campusLake } from '../../lib/campus-lake.ts';
import { loadConstructs } from '../../lib/features/feature-stack.ts';
import { FEATURES } from '../../src/features.ts';
import { CAMPUS, settingsFor } from './campus.ts';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'slo-infra-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The stack of service levels of a campus with this slo.yaml; undefined where it needs none. */
async function levelsOf(text: string): Promise<Template | undefined> {
  writeFileSync(join(root, 'slo.yaml'), text);
  const settings = settingsFor(CAMPUS);
  const own = { ...settings, campus: { ...settings.campus, root } };
  const app = new App({
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
    builtinCloudFormationValidation: false,
  });
  const constructs = (await loadConstructs(FEATURES)).filter(({ feature }) => feature === 'slo');
  const { features } = campusLake(app, own, undefined, constructs);
  return features[0] && Template.fromStack(features[0]);
}

describe('service levels on AWS', () => {
  it('need nothing where no objective has alerts', async () => {
    expect(await levelsOf('objectives: { runs: { runs: succeed, target: 95% } }\n')).toBeUndefined();
  });

  it('are looked at every five minutes, and have an alarm for each window and one for each severity', async () => {
    const template = (await levelsOf(
      'objectives:\n  fresh: { tables: [canvas.submissions], age: 26h, target: 99% }\n',
    ))!;
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(5 minutes)',
      Target: Match.objectLike({ Input: '{"call":"watch","feature":"slo"}' }),
    });
    // Four alerts of two windows each, and one for when nobody looks.
    template.resourceCountIs('AWS::CloudWatch::Alarm', 9);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'campus-lake-slo-fresh-page-1h-5m',
      Threshold: 13.44,
      ComparisonOperator: 'GreaterThanThreshold',
      Dimensions: [
        { Name: 'Lake', Value: 'campus-lake' },
        { Name: 'Objective', Value: 'fresh' },
        { Name: 'Window', Value: '5m' },
        { Name: 'service', Value: 'campus-lake' },
      ],
      AlarmActions: Match.absent(),
    });
    template.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 2);
    const rules = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm')).map(
      ({ Properties }) => JSON.stringify(Properties.AlarmRule),
    );
    expect(rules[0]).toMatch(/ALARM\(.* AND .*ALARM\(.* OR .*ALARM\(/s);
    template.hasResourceProperties('AWS::ApplicationSignals::ServiceLevelObjective', {
      Goal: { AttainmentGoal: 99, Interval: { RollingInterval: { Duration: 28, DurationUnit: 'DAY' } } },
      BurnRateConfigurations: Match.arrayWith([{ LookBackWindowMinutes: 60 }, { LookBackWindowMinutes: 5 }]),
    });
  });

  it('say in plain English what happened and where to read on', async () => {
    const template = (await levelsOf(
      'objectives:\n  fresh: { tables: [canvas.submissions], age: 26h, target: 99% }\n',
    ))!;
    const runbook = readFileSync('docs/runbook.md', 'utf8');
    for (const type of ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'])
      for (const { Properties } of Object.values(template.findResources(type))) {
        const [, entry] = /What to do: docs\/runbook\.md, "([a-z-]+)"\.$/.exec(Properties.AlarmDescription)!;
        expect(runbook).toContain(`| \`${entry}\` |`);
      }
  });
});
