import { DeployError } from '../errors.ts';
import type { Obstacle } from './compare.ts';

/** An obstacle as a person reads it: what it is, then the way, numbered where it has an order. */
export function obstacleInWords({ outcome, key, what, way }: Obstacle): string {
  const steps = way.map((step, i) => `  ${outcome === 'refused' ? '-' : `${i + 1}.`} ${step}`);
  const title = outcome === 'refused' ? 'cannot be changed' : 'takes two deployments';
  return [`${key} ${title}: ${what}`, ...steps].join('\n');
}

/** @throws DeployError where there is one: nothing is synthesized that CloudFormation could not carry out */
export function refuseObstacles(obstacles: readonly Obstacle[]): void {
  if (obstacles.length === 0) return;
  throw new DeployError(obstacles.map(obstacleInWords).join('\n'), {
    about: obstacles.map(({ key }) => key).join(', '),
    hint: 'npx lake plan --target aws reads the deployed stacks again and records them.',
  });
}
