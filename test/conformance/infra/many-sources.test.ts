import { describe, expect, it } from 'vitest';
import { CAMPUS, settingsFor } from '../../infra/campus.ts';
import { type Deployed, deploy } from '../../infra/deployed.ts';
import { type PolicyDocument, resolved } from './policies.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, white space not counted; the number of
 * policies is the one that no increase is needed for.
 */
const IAM = { managed: 6_144, inlineOfARole: 10_240, managedOfARole: 10 };
const MANY = 60;

const { sis, canvas } = CAMPUS.sources;
/** Long names: of the lake, of its databases, of each SIS. */
const lake = (sources: number, access = 'iam') =>
  deploy(
    settingsFor({
      ...CAMPUS,
      profile: 'standard',
      sources: {
        canvas,
        ...Object.fromEntries(Array.from({ length: sources }, (_, i) => [`college_registration_${i}`, sis])),
      },
      aws: {
        region: 'us-east-1',
        name: 'riverbend-district1',
        catalogKey: 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000002',
        access: { mode: access },
      },
    }),
  );

interface Policies {
  /** Characters of the inline policies, by role. */
  readonly inline: ReadonlyMap<string, number>;
  /** Of the managed ones that the template attaches, by role. */
  readonly attached: ReadonlyMap<string, readonly number[]>;
  /** Of those that people attach, by name. */
  readonly named: ReadonlyMap<string, PolicyDocument>;
}

const characters = (document: PolicyDocument): number => JSON.stringify(document).length;

function policiesIn(of: Deployed): Policies {
  const inline = new Map<string, number>();
  const attached = new Map<string, number[]>();
  const named = new Map<string, PolicyDocument>();
  for (const [stack, resources] of of.stacks)
    for (const { Type, Properties = {} } of Object.values(resources)) {
      if (!Type.startsWith('AWS::IAM::') || Properties.PolicyDocument === undefined) continue;
      const document = resolved(of, stack, Properties.PolicyDocument) as PolicyDocument;
      const roles = (Properties.Roles ?? []) as unknown[];
      for (const role of roles.map((one) => `${stack}/${JSON.stringify(one)}`))
        if (Type === 'AWS::IAM::Policy') inline.set(role, (inline.get(role) ?? 0) + characters(document));
        else attached.set(role, [...(attached.get(role) ?? []), characters(document)]);
      if (Type === 'AWS::IAM::ManagedPolicy' && roles.length === 0)
        named.set(String(Properties.ManagedPolicyName), document);
    }
  return { inline, attached, named };
}

describe(`A lake of ${MANY} SIS`, () => {
  const many = lake(MANY);
  const policies = policiesIn(many);

  it('has no policy that IAM would refuse for its length, and no role with too many', () => {
    const tooLong = [...policies.inline].filter(([, length]) => length > IAM.inlineOfARole);
    const managed = [...policies.attached.values()].flat();
    const lengths = [...managed, ...[...policies.named.values()].map(characters)];

    expect(tooLong).toEqual([]);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(IAM.managed);
    expect(Math.max(...[...policies.attached.values()].map((of) => of.length))).toBeLessThanOrEqual(
      IAM.managedOfARole,
    );
    // It is large enough for the rights to be spread.
    expect(managed.length).toBeGreaterThan(10);
  });

  it('gives stewards several policies that see every database and the files of every SIS, each once', () => {
    const names = [...policies.named.keys()].filter((name) => name.includes('steward'));
    const resources = names.flatMap((name) =>
      policies.named.get(name)!.Statement.flatMap(({ Resource = [] }) => Resource),
    );
    const of = (pattern: RegExp) => resources.filter((arn) => pattern.test(arn));

    expect(names).toEqual(
      ['', '-2', '-3', '-4'].slice(0, names.length).map((n) => `riverbend-district1-steward${n}`),
    );
    expect(names.length).toBeGreaterThan(1);
    expect(of(/:database\/\w+college_registration_\d+$/)).toHaveLength(MANY);
    expect(of(/:table\/\w+college_registration_\d+\/\*$/)).toHaveLength(MANY);
    expect(of(/raw\/college_registration_\d+\/\*$/)).toHaveLength(MANY);
    expect(new Set(of(/college_registration/)).size).toBe(3 * MANY);
  });

  it('asks for nothing that fewer do not: one more adds its own resources only', () => {
    const rights = (of: Policies) =>
      new Set(
        [...of.named.values()].flatMap(({ Statement }) =>
          Statement.flatMap(({ Action, Resource = [] }) =>
            [Action].flat().flatMap((action) => [Resource].flat().map((arn) => `${action} ${arn}`)),
          ),
        ),
      );
    const fewer = rights(policiesIn(lake(MANY - 1)));
    const added = [...rights(policies)].filter((right) => !fewer.has(right));

    expect([...fewer].filter((right) => !rights(policies).has(right))).toEqual([]);
    expect(added.length).toBeGreaterThan(0);
    expect(added.filter((right) => !right.includes(`college_registration_${MANY - 1}`))).toEqual([]);
  });
});

describe('Policies of a few sources', () => {
  it('are one for each audience, of the names that permission sets have', () => {
    expect([...policiesIn(lake(5)).named.keys()]).toEqual([
      'riverbend-district1-analyst',
      'riverbend-district1-steward',
    ]);
  });

  it('stay one policy as they grow until the next source does not fit, and then the first keeps what it had', () => {
    const counts = [8, 12, 16, 20].map(
      (n) => [...policiesIn(lake(n)).named.keys()].filter((name) => name.includes('steward')).length,
    );
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts[0]).toBe(1);
  });
});
