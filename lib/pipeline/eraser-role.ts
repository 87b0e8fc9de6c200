import { ArnFormat, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { LakeRole } from '../access/lake-role.ts';
import { acknowledgeWide } from '../acknowledge.ts';
import { rightsOf } from './function-rights.ts';
import type { FunctionName } from './functions.ts';
import { mergedRights } from './merged-rights.ts';
import type { LakeParts } from './places.ts';
import { Rights } from './rights.ts';

/** An erasure is a run without sources: what its steps may, whoever carries it out has to be able to. */
const STEPS_OF = ['stage', 'models', 'warehouse', 'sweep', 'run'] as const satisfies readonly FunctionName[];

/**
 * The role `<name>-eraser`, in which a person carries out `lake subject … --target aws`. Nobody may take it on unless
 * the account's own policies say so, as those of a permission set do, and nobody without a second factor.
 */
export function eraserRole(scope: Construct, parts: LakeParts): Role {
  const stack = Stack.of(scope);
  const { settings } = parts;
  const role = new LakeRole(scope, 'Eraser', {
    roleName: `${settings.name}-eraser`,
    description: 'Requests of single persons: reports, erasures, holds',
    assumedBy: new AccountRootPrincipal().withConditions({
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    }),
  });
  const rights = new Rights(stack, parts);
  const own = [
    ...rights.erasing(),
    ...rights.read('raw', 'raw/*'),
    ...rights.read('curated', 'curated/*'),
    ...rights.read('records', '*'),
    ...rights.scanning(),
    ...rights.forgetting('raw', 'staged', 'curated', 'records', 'results'),
    new PolicyStatement({
      actions: ['cloudformation:DescribeStacks'],
      resources: [
        stack.formatArn({
          service: 'cloudformation',
          resource: 'stack',
          resourceName: `${settings.name}-pipeline/*`,
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ],
    }),
  ];
  const all = mergedRights([...STEPS_OF.flatMap((name) => rightsOf(name, stack, parts)), ...own]);
  for (const right of all) role.addToPolicy(right);
  const wide = all.flatMap((right) => right.resources).filter((arn) => arn.includes('*'));
  acknowledgeWide(
    role,
    'A person can be in any object of the zones; besides, what the steps of a run have.',
    '*',
    ...new Set(wide),
  );
  return role;
}
