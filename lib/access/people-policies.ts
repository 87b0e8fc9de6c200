import { Annotations } from 'aws-cdk-lib';
import type { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeWide } from '../acknowledge.ts';
import { DeployError } from '../errors.ts';
import {
  type Audience,
  type AudienceParts,
  fixedStatements,
  type Grown,
  grownStatements,
} from './audience-statements.ts';
import { checkPolicySize, intoPolicies, MOST_POLICIES } from './policy-size.ts';

export interface PeoplePoliciesProps extends AudienceParts {
  readonly workgroups: Readonly<Record<'analysts' | 'stewards', CfnWorkGroup>>;
}

/**
 * What people may do, as policies of fixed names: a permission set of IAM Identity Center takes them by name, a role
 * takes them as they are. Where IAM decides, analysts read what the models make and stewards what was loaded too;
 * where Lake Formation does, it hands out the data itself and nobody reads a bucket.
 */
export function peoplePolicies(scope: Construct, props: PeoplePoliciesProps): void {
  const { campus } = props.settings;
  const sources = Object.keys(campus.sources);
  const byTags = props.settings.access.mode === 'lake-formation';
  audiencePolicy(scope, 'analyst', props, {
    workgroup: props.workgroups.analysts,
    answers: 'analysts',
    description: 'Analysts of the lake: questions in SQL',
    databases: byTags ? ['campus', ...sources] : ['campus'],
    zones: byTags ? [] : ['curated'],
  });
  audiencePolicy(scope, 'steward', props, {
    workgroup: props.workgroups.stewards,
    answers: 'stewards',
    description: 'Data stewards of the lake: also what was loaded, and the ledger',
    databases: ['campus', 'ops', 'lake_versions', ...sources],
    zones: byTags ? ['records'] : ['curated', 'staged', 'records'],
    // Tables of a SIS are read where their load lies.
    folders: byTags ? [] : props.settings.sis.map(([source]) => `raw/${source}/*`),
  });
}

/**
 * The policy `<name>-<audience>`, for a permission set or a role. Where there are too many sources for one policy of
 * IAM, `<name>-<audience>-2` and so on hold the others, and people need all of them.
 * @throws DeployError for more policies than a role may have
 */
export function audiencePolicy(
  scope: Construct,
  audience: string,
  props: AudienceParts,
  allowed: Audience,
): void {
  const { settings } = props;
  const items: Grown[] = [
    ...allowed.databases.map((database) => ({ database: `${settings.databasePrefix}${database}` })),
    ...(allowed.folders ?? []).map((folder) => ({ folder })),
  ];
  const parts = intoPolicies(scope, items, (part, policy) => [
    ...(policy === 0 ? fixedStatements(scope, props, allowed) : []),
    ...grownStatements(scope, props, part),
  ]);
  const names = parts.map((_, i) => (i === 0 ? audience : `${audience}-${i + 1}`));
  if (names.length > MOST_POLICIES)
    throw new DeployError(
      `${audience} would need ${names.length} policies, and a role takes ${MOST_POLICIES}`,
      {
        about: `${settings.name}-${audience}`,
        hint: 'Take some of the sources into a second lake, with an aws.name of its own (environments in campus.yaml).',
      },
    );
  for (const [i, statements] of parts.entries()) {
    const name = names[i]!;
    const made = new ManagedPolicy(scope, `Policy-${name}`, {
      managedPolicyName: `${settings.name}-${name}`,
      // Another description would replace the policy, which its fixed name forbids.
      description: settings.deployed?.policies[name] ?? allowed.description,
      statements,
    });
    checkPolicySize(made, `${settings.name}-${name}`, 'the sources');
    const wide = statements.flatMap(({ resources }) => resources).filter((arn) => arn.endsWith('*'));
    acknowledgeWide(made, WHY_WIDE, ...new Set(wide));
  }
  if (names.length > 1)
    Annotations.of(scope).addInfoV2(
      `lake:policies-${audience}`,
      `so many sources are more than one policy of IAM takes: attach ${names.map((name) => `${settings.name}-${name}`).join(', ')}`,
    );
}

const WHY_WIDE =
  'Tables come and go with the catalog and the models: databases, zones and folders are named, and read whole. IAM has no resource for lists of names, nor for the data access of Lake Formation.';
