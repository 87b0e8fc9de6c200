import type { Obstacle } from '../../../lib/change/compare.ts';
import type { Deployed } from '../../../lib/change/deployed.ts';
import { obstacleInWords } from '../../../lib/change/refuse.ts';
import type { LeftStack } from './left.ts';

/** What stands, what a deployment of campus.yaml would lead to, and what it would leave behind. */
export interface DeploymentPlan {
  /** Where what stands is recorded. */
  readonly record: string;
  /** Absent: nothing stands. */
  readonly deployed?: Deployed;
  readonly obstacles: readonly Obstacle[];
  readonly left: readonly LeftStack[];
}

export function planInWords({ record, deployed, obstacles, left }: DeploymentPlan): string {
  if (!deployed) return 'Nothing of the lake stands: npx cdk deploy --all deploys it for the first time.';
  const { lake, account, region, stacks } = deployed;
  return [
    `Of the lake ${lake} stand in ${account}, ${region}: ${stacks.join(', ') || 'no stacks'}.`,
    `${record} says so: commit it with campus.yaml.`,
    '',
    ...(obstacles.length === 0
      ? ['Nothing stands in the way of deploying campus.yaml: npx cdk deploy --all']
      : obstacles.map(obstacleInWords)),
    ...(left.length === 0 ? [] : ['', 'No longer in campus.yaml; a deployment does not delete them:']),
    ...left.map(({ stack, monthly }) => `  ${stack}: ${monthly.toFixed(2)} dollars a month`),
    ...(left.length === 0 ? [] : ['  next: npx lake teardown --target aws --what-left']),
  ].join('\n');
}
