import type { Obstacle } from '../../../lib/change/compare.ts';
import type { Deployed } from '../../../lib/change/deployed.ts';
import { obstacleInWords } from '../../../lib/change/refuse.ts';
import type { LeftStack } from './left.ts';

/** What is deployed, whether campus.yaml can be deployed over it, and what would be left over. */
export interface DeploymentPlan {
  /** The file that records what is deployed. */
  readonly record: string;
  /** Absent: nothing is deployed. */
  readonly deployed?: Deployed;
  readonly obstacles: readonly Obstacle[];
  readonly left: readonly LeftStack[];
  /** Resources that are left in a second Region after it was removed from campus.yaml. Absent: none. */
  readonly away?: LeftAway;
}

export interface LeftAway {
  /** The lake there. */
  readonly name: string;
  readonly region: string;
  /** The environment under which commands reach it, once campus.yaml names it again. */
  readonly environment: string;
  readonly stacks: readonly LeftStack[];
}

export function planInWords({ record, deployed, obstacles, left, away }: DeploymentPlan): string {
  if (!deployed) return 'The lake is not deployed yet. Deploy it: npx cdk deploy --all';
  const { lake, account, region, stacks } = deployed;
  return [
    `Stacks of ${lake} in ${account}, ${region}: ${stacks.join(', ') || 'none'}.`,
    `Recorded in ${record}. Commit it with campus.yaml.`,
    '',
    ...(obstacles.length === 0
      ? ['campus.yaml can be deployed: npx cdk deploy --all']
      : obstacles.map(obstacleInWords)),
    ...(left.length === 0 ? [] : ['', 'No longer in campus.yaml; a deployment does not delete them:']),
    ...left.map(({ stack, monthly }) => `  ${stack}: ${monthly.toFixed(2)} dollars a month`),
    ...(left.length === 0 ? [] : ['  next: npx lake teardown --target aws --what-left']),
    ...(away ? awayInWords(away) : []),
  ].join('\n');
}

const awayInWords = ({ name, region, environment, stacks }: LeftAway): string[] => [
  '',
  `Still in ${region}, which campus.yaml no longer names:`,
  ...stacks.map(({ stack, monthly }) => `  ${stack}: ${monthly.toFixed(2)} dollars a month`),
  `  next: aws.recovery: { region: ${region}, name: ${name}, copies: false } in campus.yaml,`,
  `  npx lake teardown --target aws --environment ${environment}, then take aws.recovery out again`,
];
