import {
  type CloudFormationClient,
  GetTemplateCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import { STACK_NOTE } from '../../../lib/stack-note.ts';
import type { StackTemplate } from '../../../lib/synthesize.ts';
import { called } from '../../../src/platform/aws/errors.ts';
import type { StandingResource, StandingStack } from './standing-stack.ts';

/** What of a template matters here; CloudFormation gives it back as it was deployed. */
const templateSchema = z.object({
  Metadata: z
    .object({
      [STACK_NOTE]: z
        .object({ lake: z.string(), after: z.array(z.string()), deletesData: z.boolean() })
        .optional(),
    })
    .optional(),
  Resources: z.record(z.string(), z.object({ Type: z.string(), DeletionPolicy: z.string().optional() })),
});
type Template = z.infer<typeof templateSchema>;

/** What CloudFormation does with a resource whose template says nothing: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html */
const DELETED = 'Delete';

/** Every stack of the lake that is deployed in the account and region of the client, by name. */
export async function readStacks(client: CloudFormationClient, lake: string): Promise<StandingStack[]> {
  const found: Stack[] = [];
  await called(
    'Looking for the stacks of the lake',
    lake,
    (async () => {
      for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) found.push(...Stacks);
    })(),
  );
  const likely = found.filter(
    ({ StackName = '', StackStatus }) =>
      StackStatus !== 'DELETE_COMPLETE' && StackName.startsWith(`${lake}-`),
  );
  const stacks: StandingStack[] = [];
  for (const stack of likely) {
    const own = await readStack(client, lake, stack);
    if (own) stacks.push(own);
  }
  return stacks.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Undefined for a stack that does not say that it is of this lake: another lake's name may begin with this one's. */
async function readStack(
  client: CloudFormationClient,
  lake: string,
  stack: Stack,
): Promise<StandingStack | undefined> {
  const [name, arn] = [stack.StackName!, stack.StackId!];
  const { TemplateBody = '' } = await called(
    `Reading the template of ${name}`,
    name,
    client.send(new GetTemplateCommand({ StackName: arn, TemplateStage: 'Original' })),
  );
  const template = templateOf(TemplateBody);
  const note = template?.Metadata?.[STACK_NOTE];
  if (!template || note?.lake !== lake) return undefined;
  return {
    name,
    arn,
    status: stack.StackStatus!,
    protected: stack.EnableTerminationProtection ?? false,
    after: [...new Set([...note.after, ...referencedStacks(TemplateBody)])].sort(),
    deletesData: note.deletesData,
    resources: await readResources(client, { name, arn }, template),
    template: JSON.parse(TemplateBody) as StackTemplate,
  };
}

/** Undefined for what the CDK has not written: it may be YAML. */
function templateOf(text: string): Template | undefined {
  try {
    return templateSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The stacks whose outputs it reads: `{"Fn::GetStackOutput": {"StackName": …}}`. */
function referencedStacks(template: string): string[] {
  const references = template.matchAll(/"Fn::GetStackOutput"\s*:\s*\{\s*"StackName"\s*:\s*"([^"]+)"/g);
  return [...references].map(([, name]) => name!);
}

/** Those that are there: what a stopped teardown has deleted already is left out. */
async function readResources(
  client: CloudFormationClient,
  { name, arn }: Pick<StandingStack, 'name' | 'arn'>,
  { Resources }: Template,
): Promise<StandingResource[]> {
  const resources: StandingResource[] = [];
  const reading = (async () => {
    for await (const page of paginateListStackResources({ client }, { StackName: arn })) {
      for (const { LogicalResourceId: id = '', ...one } of page.StackResourceSummaries ?? []) {
        if (one.ResourceStatus === 'DELETE_COMPLETE') continue;
        const policy = Resources[id]?.DeletionPolicy ?? DELETED;
        resources.push({
          id,
          type: one.ResourceType ?? '',
          physicalId: one.PhysicalResourceId ?? '',
          kept: policy !== DELETED,
        });
      }
    }
  })();
  await called(`Listing what the stack ${name} holds`, name, reading);
  return resources;
}
