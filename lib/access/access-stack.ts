import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { driftDatabase, driftRole } from '../drift/drift-places.ts';
import { LakeStack } from '../lake-stack.ts';
import type { FunctionName } from '../pipeline/functions.ts';
import type { PipelineStack } from '../pipeline/pipeline-stack.ts';
import { GIGABYTE, workgroup } from '../serve/workgroups.ts';
import type { Settings } from '../settings.ts';
import type { StorageStack } from '../storage/storage-stack.ts';
import { LakeFormation } from './lake-formation.ts';
import { audiencePolicy, type PeoplePoliciesProps, peoplePolicies } from './people-policies.ts';
import type { GroupAccess } from './role-access.ts';

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
    const groups = settings.roleAccess?.groups ?? [];
    const spark = settings.spark.models.length > 0 ? ['spark'] : [];
    const role = (resourceName: string) =>
      this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName });
    const writers = [...WRITERS, ...spark].map((name) => role(this.named(name)));
    const tagger = writers[WRITERS.indexOf(TAGGER)]!;
    // An erasure is a run that a person carries out.
    const eraser = role(this.named('eraser'));
    const crawlers =
      settings.sis.length > 0
        ? { role: role(driftRole(settings)), database: driftDatabase(settings) }
        : undefined;
    if (mode !== 'iam') {
      new LakeFormation(this, {
        settings,
        storage,
        pipeline: { writers: [...writers, eraser], taggers: [tagger, eraser], crawlers },
      });
      for (const one of groups) this.#place(one, storage);
      this.#tellOfRoles();
    } else if (analysts.length + stewards.length + admins.length + groups.length > 0)
      Annotations.of(this).addWarningV2(
        'lake:access',
        'aws.access names roles or groups, and its mode is "iam": attach the policies to them, or choose hybrid or lake-formation',
      );
  }

  /** Where a group asks: others must see neither its questions nor its answers. */
  #place({ role, purpose, views }: GroupAccess, storage: StorageStack): void {
    const { settings } = this;
    const of = `${role}-${purpose}`;
    const group = workgroup(this, `Role-${of}`, {
      name: this.named(of),
      description: `Questions of the role ${role}, for ${purpose}; one may read ${settings.queryLimitGb} GB`,
      results: storage.buckets.results,
      key: storage.key,
      bytesPerQuery: settings.queryLimitGb * GIGABYTE,
    });
    audiencePolicy(
      this,
      of,
      { settings, storage },
      {
        workgroup: group,
        answers: `role-${of}`.toLowerCase(),
        description: `The role ${role} of access.yaml, for ${purpose}: questions in SQL`,
        // Without a table, the one of the models: a policy has to name something.
        databases: [...new Set(['campus', ...views.map(({ table }) => table.split('.')[0]!)])],
        zones: [],
      },
    );
  }

  /** What the file says and Lake Formation cannot: those tables are not opened. */
  #tellOfRoles(): void {
    const { roleAccess } = this.settings;
    if (!roleAccess) return;
    if (!roleAccess.isTableKnown)
      Annotations.of(this).addWarningV2(
        'lake:access-tables',
        'the groups of aws.access.groups see no table yet: after the first run, npx lake plan --target aws records the tables that there are; then deploy again',
      );
    for (const { role, purpose, gaps } of roleAccess.groups)
      if (gaps.length > 0)
        Annotations.of(this).addWarningV2(
          `lake:access-${role}-${purpose}`,
          `Lake Formation cannot say all of what access.yaml gives to ${role} (${purpose}); not opened: ${gaps.map(({ table, why }) => `${table} (${why})`).join(', ')}`,
        );
  }
}
