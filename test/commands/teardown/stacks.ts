import type { StandingResource, StandingStack } from '../../../bin/aws/teardown/standing-stack.ts';

/** A stack as it stands, with what a test does not care about filled in. */
export function standing(
  name: string,
  {
    resources = [],
    ...rest
  }: Partial<Omit<StandingStack, 'name' | 'resources'>> & {
    readonly resources?: readonly (Partial<StandingResource> & Pick<StandingResource, 'type'>)[];
  } = {},
): StandingStack {
  return {
    name,
    arn: `arn:aws:cloudformation:us-east-1:123456789012:stack/${name}/1`,
    status: 'CREATE_COMPLETE',
    protected: false,
    after: [],
    deletesData: false,
    template: {},
    ...rest,
    resources: resources.map((one, at) => ({
      id: `R${at}`,
      physicalId: `${name}-${at}`,
      kept: false,
      ...one,
    })),
  };
}
