import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { BuildFeatureStack } from '../../../src/ports/feature.ts';

/** Where programs of the same account find the table of late work. */
export const lateWorkStack: BuildFeatureStack = (stack, { name }) => {
  new StringParameter(stack, 'Table', {
    parameterName: `/${name}/late-work/table`,
    stringValue: 'campus.late_work',
  });
};
