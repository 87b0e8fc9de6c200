import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, it } from 'vitest';
import { campusLake } from '../../lib/campus-lake.ts';
import { type FeatureStack, loadConstructs } from '../../lib/features/feature-stack.ts';
import { NotifyStack } from '../../lib/notify/notify-stack.ts';
import { StorageStack } from '../../lib/storage/storage-stack.ts';
import { FEATURES } from '../../src/features.ts';
import type { Feature } from '../../src/ports/feature.ts';
import { lateWork } from '../features/late-work/feature.ts';
import { CAMPUS, settingsFor } from './campus.ts';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
const openApp = () =>
  new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, builtinCloudFormationValidation: false });

it('a feature that brings constructs has a stack of its own, after the data and the topic', async () => {
  const settings = settingsFor(CAMPUS);
  const app = openApp();
  const constructs = await loadConstructs([...FEATURES, lateWork]);
  expect(constructs.map(({ feature }) => feature)).toEqual(['slo', 'late-work']);
  const { features } = campusLake(app, settings, undefined, constructs);
  const [own] = features as [FeatureStack];
  expect(own.stackName).toBe(`${settings.name}-late-work`);
  expect(own.dependencies.some((stack) => stack instanceof StorageStack)).toBe(true);
  expect(own.dependencies.some((stack) => stack instanceof NotifyStack)).toBe(true);
  Template.fromStack(own).hasResourceProperties('AWS::SSM::Parameter', {
    Name: `/${settings.name}/late-work/table`,
    Value: 'campus.late_work',
  });
});

it('constructs of a feature may use the key, the bucket of records and the topic of the lake', async () => {
  const settings = settingsFor(CAMPUS);
  const used: string[] = [];
  const curious: Feature = {
    name: 'curious',
    stack: {
      load:
        async () =>
        (stack, { key, records, topic, campus }) => {
          new Bucket(stack, 'Own', { encryptionKey: key });
          used.push(records.bucketArn, topic.topicArn, campus.name);
        },
    },
  };
  const app = openApp();
  const { features } = campusLake(app, settings, undefined, await loadConstructs([curious]));
  expect(used).toHaveLength(3);
  Template.fromStack(features[0]!).resourceCountIs('AWS::S3::Bucket', 1);
});
