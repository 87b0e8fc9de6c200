import type { Deployed, Resource } from './deployed.ts';

/** Properties that hold the name that people see, by the type's end. */
const NAMES = [
  'AlarmName',
  'AliasName',
  'BucketName',
  'DashboardName',
  'EndpointIdentifier',
  'FunctionName',
  'LogGroupName',
  'ManagedPolicyName',
  'Name',
  'NamespaceName',
  'QueueName',
  'ReplicationInstanceIdentifier',
  'RoleName',
  'SubscriptionName',
  'StateMachineName',
  'TableName',
  'TopicName',
  'WorkgroupName',
];

/** A profile as a page that a person reads: what is there, by stack; whatever has a name by it, the rest counted. */
export function shapeOf({ stacks, outputs, protectedStacks }: Deployed): string {
  return [...stacks]
    .map(([stack, resources]) => {
      const lines = new Map<string, number>();
      for (const resource of Object.values(resources)) {
        const line = lineOf(resource);
        lines.set(line, (lines.get(line) ?? 0) + 1);
      }
      const list = [...lines].sort().map(([line, count]) => `  ${line}${count > 1 ? ` ×${count}` : ''}`);
      const said = Object.keys(outputs.get(stack) ?? {}).filter((name) => !name.startsWith('Publish'));
      const protection = protectedStacks.includes(stack) ? ' (protected)' : '';
      return [`${stack}${protection}`, ...list, ...said.map((name) => `  > ${name}`)].join('\n');
    })
    .join('\n\n')
    .concat('\n');
}

function lineOf({ Type, Properties = {}, DeletionPolicy }: Resource): string {
  const kept = DeletionPolicy?.startsWith('Retain') ? ' [kept]' : '';
  return `${Type.replace('AWS::', '')}${nameOf(Type, Properties)}${kept}`;
}

function nameOf(type: string, properties: Resource['Properties']): string {
  if (type === 'AWS::Glue::Database') return ` ${(properties.DatabaseInput as { Name: string }).Name}`;
  if (type === 'AWS::Budgets::Budget') return ` ${(properties.Budget as { BudgetName: string }).BudgetName}`;
  const found = NAMES.map((key) => properties[key]).find((value) => value !== undefined);
  return found === undefined ? '' : ` ${flat(found)}`;
}

/** A text with what CloudFormation fills in as `<Ref>`. */
export function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[intrinsic, argument] = []] = Object.entries(value);
  if (intrinsic === 'Ref') return `<${String(argument).replace('AWS::', '')}>`;
  if (intrinsic === 'Fn::Join') return (argument as [string, unknown[]])[1].map(flat).join('');
  return `<${intrinsic}>`;
}
