import { isDeepStrictEqual } from 'node:util';
import { STACK_NOTE, type StackNote } from '../../../../lib/stack-note.ts';
import type { TemplateResource } from '../../../../lib/synthesize.ts';
import type { ProviderRule, ProviderRules } from './provider-rules.ts';
import { referredTo, resolve, type Templates } from './resolve.ts';
import { ofServices } from './service-rules.ts';

export interface Verdict {
  /** What CloudFormation, or the service, would refuse halfway; or what would be lost. */
  readonly conflicts: readonly string[];
  /** Types of resources that are made again. */
  readonly replaced: readonly string[];
  /** Stacks that stay behind. */
  readonly left: readonly string[];
}

interface Placed extends TemplateResource {
  readonly at: string;
  readonly stack: string;
  readonly id: string;
}

/** Types that hold what nobody could make again. */
const HOLDS_DATA =
  /^AWS::(S3::Bucket|DynamoDB::Table|KMS::Key|Glue::Database|RedshiftServerless::Namespace|SecretsManager::Secret)$/;

/** Where the name of a resource stands, other than in `Name`, `<Type>Name` and `<Type>Identifier`. */
const NAMED_BY: Readonly<Record<string, readonly string[]>> = {
  'AWS::Budgets::Budget': ['Budget/BudgetName'],
  'AWS::DMS::EventSubscription': ['SubscriptionName'],
  'AWS::EC2::SecurityGroup': ['GroupName'],
  'AWS::EC2::VPNConnectionRoute': ['DestinationCidrBlock', 'VpnConnectionId'],
  'AWS::Glue::Database': ['DatabaseInput/Name'],
  'AWS::LakeFormation::PrincipalPermissions': ['Principal', 'Resource'],
  'AWS::LakeFormation::Resource': ['ResourceArn'],
  'AWS::LakeFormation::Tag': ['TagKey'],
  'AWS::LakeFormation::TagAssociation': ['Resource', 'LFTags'],
  // Two may have the same name: Athena tells them apart by their ids.
  'AWS::Athena::NamedQuery': [],
};

/**
 * What a deployment does to what stands, by the rules of CloudFormation: a resource of which a create-only property
 * changes is made again, the new one before the old one goes; what has a fixed name cannot be; stacks are updated in
 * their order, and each cleans up before the next one lets go of what it used.
 */
export function judge(before: Templates, after: Templates, rules: ProviderRules): Verdict {
  const was = placed(before);
  const is = placed(after);
  const again = madeAgain(before, after, rules);
  const created = [...is.values()].filter(({ at }) => !was.has(at) || again.has(at));
  const gone = [...was.values()].filter(({ at, stack }) => after.has(stack) && !is.has(at));
  return {
    conflicts: [
      ...created.flatMap((one) => nameTaken(one, was, gone, before, after, again)),
      ...[...again].flatMap((at) =>
        HOLDS_DATA.test(is.get(at)!.Type) ? [`${at}: what it holds would be lost`] : [],
      ),
      ...created.flatMap((one) => rangeTaken(one, was, before, after, again)),
      ...stillUsed(before, after, [...gone.map(({ at }) => at), ...again]),
      ...[...is.values()].flatMap((one) => {
        const old = was.get(one.at);
        return old && !again.has(one.at) ? ofServices(old, one).map((said) => `${one.at}: ${said}`) : [];
      }),
      ...unknownUntilApplied(before, after, rules),
    ],
    replaced: [...new Set([...again].map((at) => is.get(at)!.Type.replace('AWS::', '')))].sort(),
    left: [...before.keys()].filter((stack) => !after.has(stack)),
  };
}

function placed(templates: Templates): Map<string, Placed> {
  return new Map(
    [...templates].flatMap(([stack, { Resources = {} }]) =>
      Object.entries(Resources).map(([id, resource]) => {
        const at = `${stack}/${id}`;
        return [at, { ...resource, at, stack, id }] as const;
      }),
    ),
  );
}

const under = (properties: unknown, path: string): unknown =>
  path
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], properties);

/** Which resources are replaced; one that is may make another be. */
function madeAgain(before: Templates, after: Templates, rules: ProviderRules): Set<string> {
  const [was, is] = [placed(before), placed(after)];
  const again = new Set<string>();
  for (let size = -1; size !== again.size; ) {
    size = again.size;
    for (const [at, one] of is) {
      const old = was.get(at);
      if (!old || again.has(at)) continue;
      const rule = rules(one.Type);
      const paths = [...(rule?.createOnly ?? []), ...(rule?.mayReplace ?? [])];
      const differs = (path: string) =>
        !isDeepStrictEqual(
          resolve(before, old.stack, under(old.Properties, path), new Set()),
          resolve(after, one.stack, under(one.Properties, path), again),
        );
      if (old.Type !== one.Type || paths.some(differs)) again.add(at);
    }
  }
  return again;
}

/** @returns undefined for what has no name of its own */
function nameOf({ Type, stack, Properties }: Placed, templates: Templates, again: ReadonlySet<string>) {
  const type = Type.split('::').at(-1)!;
  const paths = NAMED_BY[Type] ?? ['Name', `${type}Name`, `${type}Identifier`];
  const given = paths.map((path) => under(Properties, path)).filter((value) => value !== undefined);
  if (given.length === 0) return undefined;
  return JSON.stringify([Type, ...given.map((value) => resolve(templates, stack, value, again))]);
}

/** Of two lakes in one app the other one is in a second Region, where names are free. */
const lakeOf = (templates: Templates, { stack }: Placed): string | undefined =>
  (templates.get(stack)?.Metadata?.[STACK_NOTE] as StackNote | undefined)?.lake;

/** The new one is made while the old one of its name still stands. */
function nameTaken(
  one: Placed,
  was: ReadonlyMap<string, Placed>,
  gone: readonly Placed[],
  before: Templates,
  after: Templates,
  again: ReadonlySet<string>,
): string[] {
  const name = nameOf(one, after, again);
  if (name === undefined) return [];
  const lake = lakeOf(after, one);
  const owner = [...was.values()].find(
    (other) => (lakeOf(before, other) ?? lake) === lake && nameOf(other, before, new Set()) === name,
  );
  if (!owner) return [];
  if (owner.at === one.at) return [`${one.at}: is replaced, and its name is fixed`];
  const stacks = [...after.keys()];
  const freed =
    gone.includes(owner) &&
    (owner.DeletionPolicy ?? 'Delete') === 'Delete' &&
    stacks.indexOf(owner.stack) < stacks.indexOf(one.stack);
  return freed ? [] : [`${one.at}: ${owner.at} has its name, and goes later if at all`];
}

function rangeTaken(
  one: Placed,
  was: ReadonlyMap<string, Placed>,
  before: Templates,
  after: Templates,
  again: ReadonlySet<string>,
): string[] {
  if (one.Type !== 'AWS::EC2::Subnet') return [];
  const vpc = resolve(after, one.stack, one.Properties?.VpcId, again);
  return [...was.values()]
    .filter(({ Type }) => Type === 'AWS::EC2::Subnet')
    .filter((old) => isDeepStrictEqual(resolve(before, old.stack, old.Properties?.VpcId, new Set()), vpc))
    .filter((old) => overlap(String(old.Properties?.CidrBlock), String(one.Properties?.CidrBlock)))
    .map((old) => `${one.at}: ${old.at} has its addresses until it is gone`);
}

function overlap(a: string, b: string): boolean {
  const [[low, high], [from, to]] = [rangeOf(a), rangeOf(b)];
  return low <= to && from <= high;
}

function rangeOf(cidr: string): [number, number] {
  const [address, bits] = cidr.split('/') as [string, string];
  const low = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return [low, low + 2 ** (32 - Number(bits)) - 1];
}

/** A stack cleans up before the stacks after it have let go of what it had. */
function stillUsed(before: Templates, after: Templates, goes: readonly string[]): string[] {
  return [...before].flatMap(([stack, { Resources = {} }]) =>
    after.has(stack)
      ? Object.entries(Resources).flatMap(([id, { Properties }]) =>
          referredTo(before, stack, Properties ?? {})
            .filter((at) => goes.includes(at) && !at.startsWith(`${stack}/`))
            .map((at) => `${at}: ${stack}/${id} still uses it when it goes`),
        )
      : [],
  );
}

/**
 * A reference to an output of another stack is unknown until the update is carried out, and CloudFormation plans for
 * the worst: https://github.com/aws/aws-cdk/issues/38829. So it may not feed a create-only property of what stands.
 */
function unknownUntilApplied(before: Templates, after: Templates, rules: ProviderRules): string[] {
  return [...after].flatMap(([stack, template]) =>
    isDeepStrictEqual(template, before.get(stack))
      ? []
      : Object.entries(template.Resources ?? {})
          .filter(([id]) => before.get(stack)?.Resources?.[id])
          .filter(([, { Type, Properties }]) => fedByOutput(rules(Type), Properties))
          .map(([id]) => `${stack}/${id}: CloudFormation would plan to replace it with every update`),
  );
}

const fedByOutput = (rule: ProviderRule | undefined, properties: unknown): boolean =>
  (rule?.createOnly ?? []).some((path) =>
    JSON.stringify(under(properties, path) ?? null).includes('Fn::GetStackOutput'),
  );
