import type { Construct } from 'constructs';
import { LakeStack } from '../lake-stack.ts';
import type { Settings } from '../settings.ts';
import { accountRoles, wantedRoles } from './account-roles.ts';

/**
 * The roles that DMS wants once in an account. A stack of its own: they outlive every other part of the lake, so that
 * DMS can be taken down and deployed again; and a role must be some seconds old before DMS takes it, by which time the
 * stacks of the network and of the SIS have begun (https://github.com/aws/aws-cdk/issues/7632).
 */
export class AccountStack extends LakeStack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, 'account', settings, { description: 'Roles that DMS wants once in an account' });
    accountRoles(this, wantedRoles(settings));
  }
}
