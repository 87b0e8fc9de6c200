import { type CfnResource, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CfnDataLakeSettings,
  CfnPrincipalPermissions,
  CfnResource as CfnRegistered,
  CfnTag,
  CfnTagAssociation,
} from 'aws-cdk-lib/aws-lakeformation';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { PRIVACY_CLASSES, type PrivacyClass } from '../../src/campus/catalog-schema.ts';
import { acknowledgeWide } from '../acknowledge.ts';
import { logKeyOf } from '../pipeline/places.ts';
import type { Settings } from '../settings.ts';
import type { StorageStack } from '../storage/storage-stack.ts';
import { grantId } from './grant-ids.ts';
import { groupPrincipals } from './group-ids.ts';
import { LakeRole } from './lake-role.ts';
import { type PipelineRoles, pipelineGrants } from './pipeline-grants.ts';
import { roleGrants, taggedDatabases } from './role-grants.ts';

export interface LakeFormationProps {
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly pipeline: PipelineRoles;
}

/** The zones that Lake Formation hands out whole. */
const ZONES = ['staged', 'curated'] as const;

/** What it hands out: `staged`, or the folder of a SIS in the raw zone, where full loads are tables as they lie. */
interface Location {
  readonly id: string;
  readonly bucket: IBucket;
  /** Default: the whole bucket. */
  readonly folder?: string;
}

/** What analysts see: nothing that names a person, and nothing that is bound to a purpose. */
const FOR_ANALYSTS: readonly PrivacyClass[] = ['none', 'quasi', 'education'];

/**
 * The class of a column that nobody has tagged yet: the most secret one, so that what is new is hidden until the run
 * that shows it has tagged it.
 */
const UNTAGGED: PrivacyClass = 'secret';

/**
 * Lake Formation over whatever lies behind tables that people see: who sees a column is decided by its privacy class. Grants one
 * after another, as parallel ones fail (https://github.com/aws/aws-cdk/issues/36215). Administrators that the account
 * has already stay: the lake's own are appended.
 */
export class LakeFormation {
  readonly #scope: Construct;
  readonly #settings: Settings;
  readonly #catalogId: string;
  #last: CfnResource | undefined;

  constructor(scope: Construct, { settings, storage, pipeline }: LakeFormationProps) {
    this.#scope = scope;
    this.#settings = settings;
    this.#catalogId = Stack.of(scope).account;
    this.#administrators();
    const locations = locationsOf(settings, storage);
    this.#register(storage, locations);
    const tag = this.#classes();
    for (const [database, name] of storage.databases) this.#tagDatabase(database, name, tag);
    const { databases } = storage;
    for (const [id, grant] of pipelineGrants({
      catalogId: this.#catalogId,
      locations: locations.map((location) => [location.id, arnOf(location)]),
      databases,
      tag,
      ...pipeline,
    }))
      this.#next(new CfnPrincipalPermissions(scope, id, grant));
    const { analysts, stewards } = settings.access;
    for (const principal of new Set(analysts))
      this.#grant(grantId('Analyst', principal, settings), principal, tag, FOR_ANALYSTS, storage);
    for (const principal of new Set(stewards))
      this.#grant(grantId('Steward', principal, settings), principal, tag, PRIVACY_CLASSES, storage);
    this.#groups(storage);
  }

  /** Groups of Identity Center, by the roles of access.yaml. */
  #groups(storage: StorageStack): void {
    const { access, roleAccess } = this.#settings;
    if (!roleAccess || access.identityStore === undefined) return;
    const names = roleAccess.groups.map(({ group }) => group);
    const keys = { privacy: this.#settings.privacyTag, database: this.#databaseTag(storage) };
    const logKey = logKeyOf({ settings: this.#settings, storage });
    roleGrants(this.#scope, {
      catalogId: this.#catalogId,
      databases: storage.databases,
      groups: roleAccess.groups,
      tags: keys,
      principals: groupPrincipals(this.#scope, access.identityStore, names, logKey),
      next: (resource) => this.#next(resource),
    });
  }

  /** Tags the databases that groups see by tags with their id. @returns the key */
  #databaseTag({ databases }: StorageStack): string {
    const catalogId = this.#catalogId;
    const key = `${this.#settings.name}-database`;
    const tagged = taggedDatabases(this.#settings.roleAccess?.groups ?? []);
    const seen = [...databases].filter(([id]) => tagged.has(id));
    if (seen.length === 0) return key;
    const tagValues = seen.map(([id]) => id);
    this.#next(new CfnTag(this.#scope, 'Databases', { catalogId, tagKey: key, tagValues }));
    for (const [id, name] of seen)
      this.#next(
        new CfnTagAssociation(this.#scope, `Database-${id}`, {
          resource: { database: { catalogId, name } },
          lfTags: [{ catalogId, tagKey: key, tagValues: [id] }],
        }),
      );
    return key;
  }

  #administrators(): void {
    const { admins } = this.#settings.access;
    if (admins.length === 0) return;
    this.#next(
      new CfnDataLakeSettings(this.#scope, 'Administrators', {
        admins: admins.map((dataLakePrincipalIdentifier) => ({ dataLakePrincipalIdentifier })),
        mutationType: 'APPEND',
      }),
    );
  }

  /** Lake Formation reads for those whom it lets, by a role of the lake's own: AWS's shared one cannot be narrowed. */
  #register({ key }: StorageStack, locations: readonly Location[]): void {
    const role = new LakeRole(this.#scope, 'DataAccess', {
      roleName: `${this.#settings.name}-data-access`,
      description: 'Lake Formation reads and writes tables for those whom it lets',
      assumedBy: new ServicePrincipal('lakeformation.amazonaws.com'),
    });
    const filesOf = ({ bucket, folder }: Location) => bucket.arnForObjects(folder ? `${folder}/*` : '*');
    const files = locations.map(filesOf);
    const allow = (actions: string[], ...resources: string[]) =>
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    allow(['s3:GetObject'], ...files);
    // What lies in the raw zone nobody changes.
    const changing = locations.filter(({ folder }) => folder === undefined);
    allow(['s3:PutObject', 's3:DeleteObject'], ...changing.map(filesOf));
    const buckets = new Set(locations.map(({ bucket }) => bucket.bucketArn));
    allow(['s3:ListBucket', 's3:GetBucketLocation'], ...buckets);
    allow(['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'], key.keyArn);
    acknowledgeWide(
      role,
      'It stands for all tables of two zones and of each SIS; who gets what is decided by tags.',
      ...files,
    );
    for (const location of locations) {
      const registered = new CfnRegistered(this.#scope, `Location-${location.id}`, {
        resourceArn: arnOf(location),
        roleArn: role.roleArn,
        useServiceLinkedRole: false,
        hybridAccessEnabled: this.#settings.access.mode === 'hybrid',
      });
      registered.node.addDependency(role);
      this.#next(registered);
    }
  }

  #classes(): CfnTag {
    return this.#next(
      new CfnTag(this.#scope, 'PrivacyClasses', {
        catalogId: this.#catalogId,
        tagKey: this.#settings.privacyTag,
        tagValues: [...PRIVACY_CLASSES],
      }),
    );
  }

  #tagDatabase(id: string, name: string, tag: CfnTag): void {
    const catalogId = this.#catalogId;
    this.#next(
      new CfnTagAssociation(this.#scope, `Tag-${id}`, {
        resource: { database: { catalogId, name } },
        lfTags: [{ catalogId, tagKey: tag.tagKey, tagValues: [UNTAGGED] }],
      }),
    );
  }

  #grant(
    id: string,
    principal: string,
    tag: CfnTag,
    classes: readonly PrivacyClass[],
    { databases }: StorageStack,
  ) {
    const catalogId = this.#catalogId;
    const base = {
      catalog: catalogId,
      principal: { dataLakePrincipalIdentifier: principal },
      permissionsWithGrantOption: [],
    };
    for (const [database, name] of databases)
      this.#next(
        new CfnPrincipalPermissions(this.#scope, `${id}-${database}`, {
          ...base,
          permissions: ['DESCRIBE'],
          resource: { database: { catalogId, name } },
        }),
      );
    this.#next(
      new CfnPrincipalPermissions(this.#scope, `${id}-Tables`, {
        ...base,
        permissions: ['SELECT', 'DESCRIBE'],
        resource: {
          lfTagPolicy: {
            catalogId,
            resourceType: 'TABLE',
            expression: [{ tagKey: tag.tagKey, tagValues: [...classes] }],
          },
        },
      }),
    );
  }

  #next<T extends CfnResource>(resource: T): T {
    if (this.#last) resource.addResourceDependency(this.#last);
    this.#last = resource;
    return resource;
  }
}

function locationsOf({ sis }: Settings, { buckets }: StorageStack): Location[] {
  const zones = ZONES.map((zone) => ({ id: zone, bucket: buckets[zone] }));
  const loads = sis.map(([source]) => ({
    id: `raw-${source}`,
    bucket: buckets.raw,
    folder: `raw/${source}`,
  }));
  return [...zones, ...loads];
}

const arnOf = ({ bucket, folder }: Location): string =>
  folder ? bucket.arnForObjects(folder) : bucket.bucketArn;
