import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { LakeStack } from './lake-stack.ts';
import type { Settings } from './settings.ts';

/** Where the lake of a name tells others in its account and region what it has. */
export const exportsOf = ({ name }: Pick<Settings, 'name'>): string => `/lake/${name}`;

/**
 * Tells other stacks and teams of the account what the lake has, by parameters of SSM of fixed names:
 * `/lake/<name>/bucket/curated`. Another stack that reads one is not coupled to the lake's stacks. Standard parameters
 * cost nothing.
 * @param values by name, each with what it is
 */
export function exported(
  stack: LakeStack,
  settings: Settings,
  values: Readonly<Record<string, readonly [value: string, description: string]>>,
): void {
  for (const [name, [stringValue, description]] of Object.entries(values))
    new StringParameter(stack, `Exported-${name.replaceAll('/', '-')}`, {
      parameterName: `${exportsOf(settings)}/${name}`,
      stringValue,
      description,
    });
}
