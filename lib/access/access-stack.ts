import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { driftDatabase, driftRole } from '../drift/drift-places.ts';
import { LakeStack } from '../lake-stack.ts';
import type { FunctionName } from '../pipeline/functions.ts';
import type { PipelineStack } from '../pipeline/pipeline-stack.ts';
import type { Settings } from '../settings.ts';
import type { StorageStack } from '../storage/storage-stack.ts';
import { LakeFormation } from './lake-formation.ts';
import { type PeoplePoliciesProps, peoplePolicies } from './people-policies.ts';

export interface AccessStackProps {
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly workgroups: PeoplePoliciesProps['workgroups'];
  /** Whose functions write tables. */
  readonly pipeline: PipelineStack;
}

/** Functions that make, fill or drop tables; each has a role of its name. */
const WRITERS: readonly FunctionName[] = ['stage', 'models', 'warehouse', 'sweep'];

/** The function that publishes, which shows tables and says what their columns are. */
const TAGGER: FunctionName = 'models';

/** Who of the college may see what. */
export class AccessStack extends LakeStack {
  constructor(scope: Construct, { settings, storage, workgroups, pipeline }: AccessStackProps) {
    super(scope, 'access', settings, {
      description: `Who may see what in the lake of ${settings.campus.name}`,
    });
    this.after(storage, pipeline);
    peoplePolicies(this, { settings, storage, workgroups });
    const { mode, analysts, stewards, admins } = settings.access;
    const spark = settings.spark.models.length > 0 ? ['spark'] : [];
    const role = (resourceName: string) =>
      this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName });
    const writers = [...WRITERS, ...spark].map((name) => role(this.named(name)));
    const tagger = writers[WRITERS.indexOf(TAGGER)]!;
    const crawlers =
      settings.sis.length > 0
        ? { role: role(driftRole(settings)), database: driftDatabase(settings) }
        : undefined;
    if (mode !== 'iam')
      new LakeFormation(this, { settings, storage, pipeline: { writers, tagger, crawlers } });
    else if (analysts.length + stewards.length + admins.length > 0)
      Annotations.of(this).addWarningV2(
        'lake:access',
        'aws.access names roles, and its mode is "iam": attach the policies to them, or choose hybrid or lake-formation',
      );
  }
}
