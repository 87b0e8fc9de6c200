import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { acknowledgeWide } from '../acknowledge.ts';
import type { LakeStack } from '../lake-stack.ts';

/** A call of a service, or a pause (ISO 8601). */
type AutomationStep =
  | {
      readonly name: string;
      readonly service: string;
      readonly api: string;
      readonly inputs: Readonly<Record<string, unknown>>;
      readonly outputs?: readonly Readonly<Record<'Name' | 'Selector' | 'Type', string>>[];
    }
  | { readonly name: string; readonly wait: string };

interface AutomationOptions {
  readonly rights: readonly { readonly actions: string[]; readonly resources: string[] }[];
  readonly steps: readonly AutomationStep[];
  /** The step that is done in any case: where an earlier one fails, and where somebody stops it. Default: none. */
  readonly atLast?: string;
}

/**
 * An automation of Systems Manager, for what FIS has no action of its own, and the role by which it works.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
 */
export function automation(stack: LakeStack, name: string, { rights, steps, atLast }: AutomationOptions) {
  const document = `${stack.lakeName}-${name}`;
  const role = new Role(stack, `Role-${name}`, {
    roleName: `${document}-fault`,
    description: `The fault experiment ${name}`,
    assumedBy: new ServicePrincipal('ssm.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  });
  for (const right of rights) role.addToPolicy(new PolicyStatement(right));
  const wide = rights.flatMap(({ resources }) => resources);
  acknowledgeWide(role, 'Executions of one state machine.', ...wide);
  new CfnDocument(stack, `Automation-${name}`, {
    name: document,
    documentType: 'Automation',
    documentFormat: 'JSON',
    updateMethod: 'NewVersion',
    content: {
      schemaVersion: '0.3',
      description: `Fault experiment ${name}`,
      assumeRole: '{{ AutomationAssumeRole }}',
      parameters: { AutomationAssumeRole: { type: 'AWS::IAM::Role::Arn' } },
      mainSteps: steps.map((step) => ({
        ...('wait' in step
          ? { name: step.name, action: 'aws:sleep', inputs: { Duration: step.wait } }
          : {
              name: step.name,
              action: 'aws:executeAwsApi',
              inputs: { Service: step.service, Api: step.api, ...step.inputs },
              ...(step.outputs ? { outputs: step.outputs } : {}),
            }),
        ...(atLast === undefined || step.name === atLast
          ? { isEnd: step.name === steps.at(-1)!.name }
          : { onFailure: `step:${atLast}`, onCancel: `step:${atLast}` }),
      })),
    },
  });
  const documentArn = stack.formatArn({ service: 'ssm', resource: 'document', resourceName: document });
  return { document, documentArn, roleArn: role.roleArn };
}
