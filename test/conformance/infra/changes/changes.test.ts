import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { compare, type Obstacle } from '../../../../lib/change/compare.ts';
import { type Deployed, deployedOf } from '../../../../lib/change/deployed.ts';
import type { Settings } from '../../../../lib/settings.ts';
import { type StackTemplate, templatesOf } from '../../../../lib/synthesize.ts';
import { settingsFor } from '../../../infra/campus.ts';
import { CELLS, type Cell } from './cells.ts';
import { judge, type Verdict } from './judge.ts';
import { type ProviderRules, providerRules } from './provider-rules.ts';
import type { Templates } from './resolve.ts';
import { changesTable, type Row, withTable } from './table.ts';

/**
 * What becomes of a lake that stands when campus.yaml changes: synth's own answer, held against the schemas that AWS
 * publishes of its resources. There are four outcomes, and no change has another one.
 */

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const FIXTURES = path.join(ROOT, 'test/fixtures/templates-1');
const WHERE = { account: '123456789012', region: 'us-east-1' };

let rules: ProviderRules;
beforeAll(async () => {
  rules = await providerRules();
});

const synthesized = new Map<string, Templates>();
function templatesFor(campus: object, deployed?: Deployed): Templates {
  const key = JSON.stringify([campus, deployed]);
  if (!synthesized.has(key)) synthesized.set(key, templatesOf(settingsFor(campus, { deployed })));
  return synthesized.get(key)!;
}

function recorded(templates: Templates, { name, account, region }: Settings, before?: Deployed): Deployed {
  const parts = [...templates].map(([stack, one]) => [stack.slice(name.length + 1), one] as const);
  const where = { account: account ?? WHERE.account, region: region ?? WHERE.region };
  return deployedOf({ lake: name, ...where }, new Map(parts), before);
}

/** With what is known of the account, and nothing that could stop the synthesis: for a look at what would happen. */
function unstopped(deployed: Deployed, { name, account, region, kmsKey }: Settings): Deployed {
  const { network, replication, warehouse, databasePrefix, recovery, ...rest } = deployed;
  return {
    ...rest,
    accessMode: 'iam',
    kmsKey,
    lake: name,
    account: account ?? rest.account,
    region: region ?? rest.region,
  };
}

interface Outcome {
  readonly obstacles: readonly Obstacle[];
  readonly verdict: Verdict;
  readonly deployed: Deployed;
}

function outcomeOf(before: Templates, was: object, after: object): Outcome {
  const deployed = recorded(before, settingsFor(was));
  const settings = settingsFor(after, { deployed });
  const obstacles = compare(deployed, settings);
  const there = templatesFor(after, obstacles.length > 0 ? unstopped(deployed, settings) : deployed);
  return { obstacles, verdict: judge(before, there, rules), deployed };
}

/** What synth says to do first, done: stacks taken down. */
function afterTheFirstStep(before: Templates, { way }: Obstacle): Templates {
  const parts: Record<string, string[]> = {
    network: ['network', 'sis', 'warehouse'],
    sis: ['sis'],
    warehouse: ['warehouse'],
  };
  const gone = parts[/--only (\w+)/.exec(way[0]!)![1]!]!;
  return new Map([...before].filter(([stack]) => !gone.some((part) => stack.endsWith(`-${part}`))));
}

const rowOf = ({ key, change }: Pick<Cell, 'key' | 'change'>, { obstacles, verdict }: Outcome): Row => ({
  key,
  change,
  outcome: obstacles.some(({ outcome }) => outcome === 'refused')
    ? 'refused'
    : obstacles.length > 0
      ? 'two deploys'
      : verdict.replaced.length > 0
        ? 'replaced harmlessly'
        : 'in place',
  replaced: obstacles.length > 0 ? [] : verdict.replaced,
  left: obstacles.length > 0 ? [] : verdict.left,
  way: obstacles[0]?.way[0],
});

const rows: Row[] = [];

describe('A change of campus.yaml', () => {
  it.each(CELLS.map((cell) => [`${cell.key}: ${cell.change}`, cell] as const))('%s', (_, cell) => {
    const before = templatesFor(cell.before);
    const outcome = outcomeOf(before, cell.before, cell.after);
    const { obstacles, verdict, deployed } = outcome;
    rows.push(rowOf(cell, outcome));

    // What CloudFormation could not carry out is stopped, and nothing else is.
    if (obstacles.length === 0) expect(verdict.conflicts).toEqual([]);
    else
      expect({ conflicts: verdict.conflicts.length > 0, beyond: cell.beyond }).not.toEqual({
        conflicts: false,
        beyond: undefined,
      });

    if (obstacles.length === 0 || obstacles.some((one) => one.outcome === 'refused')) return;
    // The way that synth names leads there.
    const steps = obstacles.filter(({ way }) => way[0]!.includes('--only'));
    if (steps.length === 0) return;
    const between = steps.reduce(afterTheFirstStep, before);
    const known = recorded(between, settingsFor(cell.before), deployed);
    const settings = settingsFor(cell.after, { deployed: known });
    expect(compare(known, settings)).toEqual([]);
    expect(judge(between, templatesFor(cell.after, known), rules).conflicts).toEqual([]);
  });

  it('of both sizes of the warehouse goes by the two deployments that synth names', () => {
    for (const [rpu, maxRpu, first] of [
      [16, 32, { rpu: 8, maxRpu: 32 }],
      [8, 8, { rpu: 8, maxRpu: 32 }],
    ] as const) {
      const from = rpu === 16 ? { rpu: 8, maxRpu: 8 } : { rpu: 16, maxRpu: 32 };
      const steps = [from, first, { rpu, maxRpu }].map((warehouse) =>
        templatesFor({ ...CELLS[0]!.before, aws: { warehouse } }),
      );
      expect(judge(steps[0]!, steps[1]!, rules).conflicts).toEqual([]);
      expect(judge(steps[1]!, steps[2]!, rules).conflicts).toEqual([]);
    }
  });

  it('that gives up the second Region goes by the deployments that synth names, and is remembered until then', () => {
    const at = (aws: object = {}) => ({ ...CELLS[0]!.before, aws: { region: 'us-east-1', ...aws } });
    const region = 'us-west-2';
    const [copied, gone] = [at({ recovery: { region } }), at()];
    const ended = at({ recovery: { region, copies: false } });
    const first = recorded(templatesFor(copied), settingsFor(copied));

    expect(first.recovery).toEqual({ name: 'campus-lake-r', region, copies: true });
    const [obstacle] = compare(first, settingsFor(gone, { deployed: first }));
    expect(obstacle!.way[0]).toContain('copies: false');
    expect(obstacle!.way[1]).toContain('--environment recovery');
    expect(compare(first, settingsFor(ended, { deployed: first }))).toEqual([]);
    expect(judge(templatesFor(copied), templatesFor(ended, first), rules).conflicts).toEqual([]);

    const between = templatesFor(ended, first);
    const second = recorded(between, settingsFor(ended), first);
    expect(second.recovery).toEqual({ ...first.recovery, copies: false });
    expect(compare(second, settingsFor(gone, { deployed: second }))).toEqual([]);
    expect(judge(between, templatesFor(gone, second), rules).conflicts).toEqual([]);
  });
});

describe('An upgrade from the version before', () => {
  it.each(readdirSync(FIXTURES).map((file) => file.replace('.json.gz', '')))('%s', (name) => {
    const { campus, templates } = JSON.parse(
      gunzipSync(readFileSync(path.join(FIXTURES, `${name}.json.gz`))).toString(),
    ) as { campus: object; templates: Record<string, StackTemplate> };
    const before = new Map(Object.entries(templates));

    const outcome = outcomeOf(before, campus, campus);

    rows.push(rowOf({ key: 'upgrade', change: name }, outcome));
    expect(outcome.obstacles).toEqual([]);
    // The right to open and close tables is new: its grants are given once more, and then the earlier ones are taken
    // back. docs/deploy.md says what to do.
    const known = name === 'lake-formation' ? /Writer1\w+: is replaced, and its name is fixed$/ : /^$/;
    expect(outcome.verdict.conflicts.filter((said) => !known.test(said))).toEqual([]);
  });
});

describe('The judge', () => {
  const campus = CELLS[0]!.before;
  const changed = (stack: string, change: (template: StackTemplate) => void): Templates => {
    const copy = structuredClone(templatesFor(campus)) as Map<string, StackTemplate>;
    change(copy.get(`campus-lake-${stack}`)!);
    return copy;
  };
  const propertiesOf = (template: StackTemplate, type: string) =>
    Object.values(template.Resources!).find(({ Type }) => Type === type)!.Properties as Record<
      string,
      unknown
    >;
  const conflicts = (after: Templates) => judge(templatesFor(campus), after, rules).conflicts.join('\n');

  it('knows every type of the lake', () => {
    const types = [...templatesFor(campus).values()].flatMap(({ Resources = {} }) =>
      Object.values(Resources).map(({ Type }) => Type),
    );
    expect([...new Set(types)].filter((type) => !rules(type))).toEqual(['Custom::WarehouseUsageLimit']);
    const ofRoles = templatesFor(CELLS.find(({ key }) => key === 'aws.access.groups')!.after).values();
    const others = [...ofRoles].flatMap(({ Resources = {} }) =>
      Object.values(Resources).map(({ Type }) => Type),
    );
    expect([...new Set(others)].filter((type) => !rules(type))).toContain('Custom::IdentityCenterGroup');
  });

  it.each([
    [
      'a policy whose name is fixed',
      'access',
      'AWS::IAM::ManagedPolicy',
      'Description',
      'another',
      'its name is fixed',
    ],
    ['a bucket of another name', 'storage', 'AWS::S3::Bucket', 'BucketName', 'another', 'would be lost'],
    [
      'a subnet with addresses of another',
      'network',
      'AWS::EC2::Subnet',
      'AvailabilityZone',
      'us-east-1c',
      'has its addresses',
    ],
    [
      'a subnet that is in use',
      'network',
      'AWS::EC2::Subnet',
      'AvailabilityZone',
      'us-east-1c',
      'still uses it',
    ],
    [
      'a reference that is not known yet',
      'sis',
      'AWS::DMS::ReplicationInstance',
      'KmsKeyId',
      { 'Fn::GetStackOutput': { StackName: 'campus-lake-storage', OutputName: 'x' } },
      'with every update',
    ],
    ['a role of the name of another', 'sis', 'AWS::IAM::Role', 'RoleName', 'campus-lake-lms', 'has its name'],
  ])('sees %s', (_, stack, type, property, value, said) => {
    const after = changed(stack, (template) => {
      propertiesOf(template, type)[property] = value;
    });
    expect(conflicts(after)).toContain(said);
  });
});

it('has the outcomes that docs/deploy.md lists, and no other', async () => {
  expect(CELLS.length).toBeGreaterThanOrEqual(40);
  const page = path.join(ROOT, 'docs/deploy.md');
  await expect(withTable(readFileSync(page, 'utf8'), changesTable(rows))).toMatchFileSnapshot(page);
});
