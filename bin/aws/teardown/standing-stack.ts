import type { StackTemplate } from '../../../lib/synthesize.ts';

/** A stack of the lake as deployed in the account. */
export interface StandingStack {
  readonly name: string;
  /** By which it is found after it is gone, too. */
  readonly arn: string;
  /** CloudFormation's word: `CREATE_COMPLETE`, `DELETE_FAILED`, … */
  readonly status: string;
  readonly protected: boolean;
  /** Names of the stacks that it depends on. */
  readonly after: readonly string[];
  /** Deployed so that what it holds goes with it. */
  readonly deletesData: boolean;
  readonly resources: readonly StandingResource[];
  /** As it was deployed. */
  readonly template: StackTemplate;
}

export interface StandingResource {
  /** Its id within the stack. */
  readonly id: string;
  /** `AWS::S3::Bucket` */
  readonly type: string;
  /** Its name or ARN in the account; empty where it was never made. */
  readonly physicalId: string;
  /** CloudFormation leaves it where it is when its stack goes. */
  readonly kept: boolean;
}

/** The resources of one type. */
export const ofType = (stacks: readonly StandingStack[], type: string): StandingResource[] =>
  stacks.flatMap(({ resources }) => resources.filter((one) => one.type === type && one.physicalId !== ''));

/** Types that hold what nobody could make again. A Glue database says only how such files are read. */
const HOLDERS = new Set(['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::RedshiftServerless::Namespace']);

/** Whether it holds data that would stay behind without it. */
export const keepsData = (stack: StandingStack): boolean =>
  !stack.deletesData && stack.resources.some(({ type, kept }) => HOLDERS.has(type) && kept);

/** Whether deleting the stack deletes data. */
export const takesData = (stack: StandingStack): boolean =>
  stack.deletesData && stack.resources.some(({ type, kept }) => HOLDERS.has(type) && !kept);
