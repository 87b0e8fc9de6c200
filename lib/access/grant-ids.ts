import { createHash } from 'node:crypto';
import type { Settings } from '../settings.ts';

/**
 * Under which ids the grants of a role stand in the template: of its own name, never of its place in a list. By place,
 * one who leaves would hand the others on to each other's ids, and CloudFormation takes back the grant of an id that
 * goes after it has given the same one under another. Those that were given by place keep their ids.
 */
export function grantId(
  audience: 'Analyst' | 'Steward',
  principal: string,
  { deployed }: Pick<Settings, 'deployed'>,
): string {
  const standing = Object.entries(deployed?.grants ?? {}).find(
    ([id, of]) => id.startsWith(audience) && of === principal,
  );
  if (standing) return standing[0];
  const name = principal
    .split('/')
    .at(-1)!
    .replaceAll(/[^A-Za-z0-9]/g, '');
  return `${audience}${name}${createHash('sha256').update(principal).digest('hex').slice(0, 8)}`;
}
