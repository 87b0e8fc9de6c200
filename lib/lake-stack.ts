import { PermissionsBoundary, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';
import { STACK_NOTE, type StackNote } from './stack-note.ts';

/**
 * Characters of a long ARN of the lake, by which the CDK tells whether a policy is full. Its own 150 would spread the
 * rights over many sources over more policies than a role may have.
 */
const LONG_ARN = 110;

export interface LakeStackProps extends Pick<StackProps, 'description'> {
  /** Protected from deletion once it is deployed. Default: false. */
  readonly holdsData?: boolean;
}

/** A stack of the lake: named `<name>-<part>`, tagged, and bound to the account that campus.yaml names. */
export abstract class LakeStack extends Stack {
  protected readonly settings: Settings;
  readonly #after: string[] = [];

  constructor(
    scope: Construct,
    part: string,
    settings: Settings,
    { holdsData = false, ...props }: LakeStackProps = {},
  ) {
    super(scope, `${settings.name}-${part}`, {
      ...props,
      // Also within a stage or construct of another app, where the CDK would put the path before it.
      stackName: `${settings.name}-${part}`,
      ...(settings.permissionsBoundary !== undefined && {
        permissionsBoundary: boundaryOf(settings.permissionsBoundary),
      }),
      // Not of a stack that has never stood: one whose first deployment failed must be deleted to be deployed again.
      terminationProtection:
        holdsData && !settings.deletesData && (settings.deployed?.stacks.includes(part) ?? false),
      env: { account: settings.account, region: settings.region },
    });
    this.settings = settings;
    this.node.setContext('@aws-cdk/aws-iam.arnSizeEstimate', LONG_ARN);
    for (const [key, value] of Object.entries({ ...settings.tags, lake: settings.name }))
      Tags.of(this).add(key, value);
    const note: StackNote = {
      lake: settings.name,
      after: this.#after,
      deletesData: settings.deletesData,
    };
    this.addMetadata(STACK_NOTE, note);
  }

  /** Deployed after these, and deleted before them: what it knows of them by name must be there. */
  protected after(...stacks: readonly (Stack | undefined)[]): void {
    for (const stack of stacks) {
      if (!stack) continue;
      this.addStackDependency(stack);
      this.#after.push(stack.stackName);
    }
  }

  /** Begins every name. */
  get lakeName(): string {
    return this.settings.name;
  }

  /** A name of the lake's own within the account: `<name>-<part>`. */
  protected named(part: string): string {
    return `${this.settings.name}-${part.replaceAll('_', '-')}`;
  }
}

const boundaryOf = (policy: string): PermissionsBoundary =>
  policy.startsWith('arn:') ? PermissionsBoundary.fromArn(policy) : PermissionsBoundary.fromName(policy);
