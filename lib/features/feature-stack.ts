import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { FEATURES } from '../../src/features.ts';
import type { BuildFeatureStack, Feature } from '../../src/ports/feature.ts';
import { LakeStack } from '../lake-stack.ts';
import type { Settings } from '../settings.ts';
import type { StorageStack } from '../storage/storage-stack.ts';

/** The constructs of one feature, loaded. */
export interface FeatureConstructs {
  readonly feature: string;
  readonly build: BuildFeatureStack;
}

/** Loads the constructs of all features that have some. */
export async function loadConstructs(features: readonly Feature[]): Promise<FeatureConstructs[]> {
  const loaded = features.map(async ({ name, stack }) =>
    stack ? [{ feature: name, build: await stack.load() }] : [],
  );
  return (await Promise.all(loaded)).flat();
}

/** Those of the registered features. Loaded with this module, since a synthesis cannot wait. */
export const FEATURE_CONSTRUCTS: readonly FeatureConstructs[] = await loadConstructs(FEATURES);

export interface FeatureStackProps {
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly notify: LakeStack & { readonly topic: ITopic };
}

/** What one feature adds to the deployment. Deployed after the lake's data and its topic, deleted before them. */
export class FeatureStack extends LakeStack {
  constructor(scope: Construct, { feature, build }: FeatureConstructs, props: FeatureStackProps) {
    const { settings, storage, notify } = props;
    super(scope, feature, settings, { description: `The feature ${feature} of ${settings.campus.name}` });
    this.after(storage, notify);
    build(this, {
      name: settings.name,
      campus: settings.campus,
      key: storage.key,
      records: storage.buckets.records,
      topic: notify.topic,
    });
  }
}
