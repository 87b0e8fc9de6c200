import type { StackTemplate, TemplateResource } from '../../../../lib/synthesize.ts';

/** Templates of one deployment, by stack. */
export type Templates = ReadonlyMap<string, StackTemplate>;

type Node = { readonly [key: string]: unknown };

/**
 * A value of a template with everything filled in that the templates say, so that two of them can be compared: a
 * reference to another stack is what that stack's output is; what only AWS knows stands in angle brackets.
 * @param again resources that are made again, `stack/id`: what refers to them changes
 */
export function resolve(
  templates: Templates,
  stack: string,
  value: unknown,
  again: ReadonlySet<string>,
): unknown {
  const inside = (inner: unknown) => resolve(templates, stack, inner, again);
  if (Array.isArray(value)) return value.map(inside);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const [[intrinsic, argument] = ['', undefined]] = entries;
  if (entries.length !== 1) return mapped(value as Node, inside);
  if (intrinsic === 'Ref') return reference(templates, stack, String(argument), 'Ref', again);
  if (intrinsic === 'Fn::GetAtt') {
    const [id, ...attribute] = argument as string[];
    return reference(templates, stack, id!, attribute.join('.'), again);
  }
  if (intrinsic === 'Fn::GetStackOutput') {
    const { StackName, OutputName } = argument as { StackName: string; OutputName: string };
    return outputOf(templates, StackName, OutputName, again);
  }
  if (intrinsic === 'Fn::ImportValue') {
    const [name, output] = String(argument).split(':') as [string, string];
    return outputOf(templates, name, output, again);
  }
  if (intrinsic === 'Fn::Join') {
    const [between, parts] = argument as [string, unknown[]];
    const filled = (inside(parts) as unknown[]).map((one) =>
      typeof one === 'string' ? one : JSON.stringify(one),
    );
    return filled.join(between);
  }
  return mapped(value as Node, inside);
}

const mapped = (node: Node, inside: (value: unknown) => unknown): Node =>
  Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, inside(inner)]));

/** An output that is not there (any more) is another value than one that is. */
function outputOf(templates: Templates, stack: string, output: string, again: ReadonlySet<string>): unknown {
  const found = templates.get(stack)?.Outputs?.[output];
  return found ? resolve(templates, stack, found.Value, again) : `<no output ${stack}.${output}>`;
}

function reference(
  templates: Templates,
  stack: string,
  id: string,
  attribute: string,
  again: ReadonlySet<string>,
): unknown {
  // Where campus.yaml names the region, the CDK writes it out.
  if (id === 'AWS::Partition') return 'aws';
  if (id.startsWith('AWS::')) return `<${id.slice('AWS::'.length)}>`;
  const resource: TemplateResource | undefined = templates.get(stack)?.Resources?.[id];
  const name = resource?.Properties?.BucketName;
  if (resource?.Type === 'AWS::S3::Bucket' && name !== undefined) {
    const bucket = String(resolve(templates, stack, name, again));
    if (attribute === 'Ref') return bucket;
    if (attribute === 'Arn') return `arn:aws:s3:::${bucket}`;
  }
  return `<${stack}/${id}.${attribute}${again.has(`${stack}/${id}`) ? ' made again' : ''}>`;
}

/** Every `stack/id` that a value refers to, in its own stack and in others. */
export function referredTo(templates: Templates, stack: string, value: unknown): string[] {
  return [...JSON.stringify(resolve(templates, stack, value, new Set())).matchAll(/<([\w-]+\/\w+)\./g)].map(
    ([, one]) => one!,
  );
}
