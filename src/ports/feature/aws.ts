import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Campus } from '../../campus/campus.ts';
import type { Json } from '../../json.ts';
import type { Uses } from '../step.ts';

/** Records of the lake, by patterns such as `my-feature/*`. */
export interface FeatureRights {
  /** Default: none. */
  readonly read?: readonly string[];
  /** To read and to write. Default: none. */
  readonly write?: readonly string[];
}

/**
 * Looks at the lake and tells what it must, in a few seconds; repeated, it tells nothing twice.
 *
 * @example
 * ```ts
 * import type { FeatureWatch } from '../feature.ts';
 *
 * const uptime: FeatureWatch = {
 *   load: async () => async () => ({ found: { up: true }, metrics: [{ name: 'Up', dimensions: {}, value: 1 }] }),
 * };
 * ```
 */
export interface FeatureWatch {
  load(): Promise<(lake: WatchLake) => Promise<Watched>>;
}

export type WatchLake = Uses<
  'campus' | 'catalog' | 'features' | 'signal' | 'clock' | 'ledger' | 'secrets' | 'topic'
>;

export interface Watched {
  /** What was found, for whoever has asked. */
  readonly found: Json;
  /** Values for CloudWatch, in the namespace `CampusLake`; each has the lake's name as the dimension `Lake` too. */
  readonly metrics: readonly {
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

/**
 * Constructs that a feature needs on AWS. They are in a file `infrastructure.ts` of the feature's folder, the only one
 * that may import the CDK, which only a deployment loads.
 */
export interface FeatureStack {
  load(): Promise<BuildFeatureStack>;
}

export interface BuildFeatureStack {
  /** @param stack where the constructs go: a stack of the feature's own, deployed after the data and the topic */
  (stack: Construct, deployment: FeatureDeployment): void;
  /** Whether this campus needs the stack. Default: every campus does. */
  readonly isNeeded?: (campus: Campus) => boolean;
}

/** What of the lake a feature's constructs may use. Names and ARNs in it are tokens of the CDK. */
export interface FeatureDeployment {
  /** The lake's name, which begins the names of its resources. */
  readonly name: string;
  readonly campus: Campus;
  /** Encrypts everything of the lake. */
  readonly key: IKey;
  /** Bucket of the lake's records, also those of features: `rights`. */
  readonly records: IBucket;
  /** Topic of the notifications to the data team. */
  readonly topic: ITopic;
}
