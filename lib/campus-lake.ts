import { Annotations, type Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DEFAULT_LAKE_NAME } from '../src/campus/environments.ts';
import { recoveryFor } from '../src/campus/recovery-environment.ts';
import { AccessStack } from './access/access-stack.ts';
import { compare } from './change/compare.ts';
import { refuseObstacles } from './change/refuse.ts';
import { FaultStack } from './faults/fault-stack.ts';
import { FEATURE_CONSTRUCTS, FeatureStack } from './features/feature-stack.ts';
import { NetworkStack } from './network/network-stack.ts';
import { NotifyStack } from './notify/notify-stack.ts';
import { ObserveStack } from './observe/observe-stack.ts';
import type { Bundle } from './pipeline/bundle.ts';
import { PipelineStack } from './pipeline/pipeline-stack.ts';
import { logKeyOf } from './pipeline/places.ts';
import { ServeStack } from './serve/serve-stack.ts';
import { type Settings, standingBy } from './settings.ts';
import { wantedRoles } from './sis/account-roles.ts';
import { AccountStack } from './sis/account-stack.ts';
import { SisStack } from './sis/sis-stack.ts';
import { StorageStack } from './storage/storage-stack.ts';
import { WarehouseDataStack } from './warehouse/warehouse-data-stack.ts';
import { WarehouseStack } from './warehouse/warehouse-stack.ts';

/** What a lake consists of on AWS; what a campus does not need is not there. */
export interface LakeStacks {
  /** Buckets, key, ledger and databases. */
  readonly storage: StorageStack;
  /** The same in the second Region, where there is one. */
  readonly second?: StorageStack;
  /** The topic of the data team. */
  readonly notify: NotifyStack;
  /** Workgroups of Athena. */
  readonly serve: ServeStack;
  /** The nightly run. */
  readonly pipeline: PipelineStack;
  readonly access: AccessStack;
  readonly observe: ObserveStack;
  /** Roles of DMS. */
  readonly account?: AccountStack;
  readonly network?: NetworkStack;
  readonly sis?: SisStack;
  readonly warehouseData?: WarehouseDataStack;
  readonly warehouse?: WarehouseStack;
  /** What features bring. */
  readonly features: readonly FeatureStack[];
}

/**
 * The lake on AWS, in stacks by lifetime: what must outlive everything first, what can be thrown away and made again
 * last. What a campus does not need is not there: no SIS, no DMS; neither DMS nor a warehouse, no network.
 * @param bundle the functions, where they are bundled already
 * @param constructs Default: those of the registered features
 * @throws DeployError where campus.yaml, or the change to it, cannot be deployed
 */
export function campusLake(
  scope: Construct,
  settings: Settings,
  bundle?: Bundle,
  constructs = FEATURE_CONSTRUCTS,
): LakeStacks {
  if (settings.deployed) refuseObstacles(compare(settings.deployed, settings));
  const away = standingBy(settings);
  const second = away && new StorageStack(scope, away);
  const storage = new StorageStack(scope, settings, second);
  const notify = new NotifyStack(scope, { settings, key: storage.key });
  const serve = new ServeStack(scope, { settings, storage });
  const account = wantedRoles(settings).length > 0 ? new AccountStack(scope, settings) : undefined;
  const network =
    settings.sis.length > 0 || settings.warehouse.enabled
      ? new NetworkStack(scope, { settings, logs: storage.logs })
      : undefined;
  const sis =
    network && settings.sis.length > 0
      ? new SisStack(scope, { settings, storage, network, account })
      : undefined;
  const warehouseData = settings.warehouse.enabled
    ? new WarehouseDataStack(scope, { settings, storage })
    : undefined;
  const warehouse =
    network && warehouseData
      ? new WarehouseStack(scope, {
          settings,
          data: warehouseData,
          network,
          logKey: logKeyOf({ settings, storage }),
        })
      : undefined;
  const pipeline = new PipelineStack(scope, { settings, storage, serve, notify, sis, warehouse, bundle });
  const access = new AccessStack(scope, { settings, storage, workgroups: serve, pipeline });
  const observe = new ObserveStack(scope, {
    settings,
    topic: notify.topic,
    watched: {
      stateMachineArn: pipeline.stateMachineArn,
      deadLetterQueue: pipeline.notStarted.queueName,
      ledgerTable: storage.tables.ledger.tableName,
      people: [serve.analysts.name, serve.stewards.name],
      replication: sis?.instanceName,
      ...(settings.replication.followMinutes !== undefined && sis
        ? { followMinutes: settings.replication.followMinutes }
        : {}),
      warehouse: warehouse?.workgroup.workgroupName,
    },
  });
  if (settings.faultExperiments) new FaultStack(scope, { settings, storage, network });
  const features = constructs
    .filter(({ build }) => build.isNeeded?.(settings.campus) ?? true)
    .map((one) => new FeatureStack(scope, one, { settings, storage, notify }));
  if (!settings.deployed) tellOfFirst(storage, settings);
  tellOfRecovery(storage, settings);
  if (settings.halfDeletesData)
    Annotations.of(storage).addWarningV2(
      'lake:delete-data',
      `one of two switches is on, so data stays: deleting it takes aws.deleteData: true in campus.yaml and -c delete-data=${settings.name}`,
    );
  return {
    storage,
    second,
    notify,
    serve,
    pipeline,
    access,
    observe,
    account,
    network,
    sis,
    warehouseData,
    warehouse,
    features,
  };
}

/** A second Region that campus.yaml no longer names, and that `lake plan` found something in. */
function tellOfRecovery(storage: Stack, { deployed, recovery, campus }: Settings): void {
  const was = deployed?.recovery;
  if (!was || was.copies || recovery) return;
  Annotations.of(storage).addWarningV2(
    'lake:recovery',
    `${was.name} may still stand in ${was.region}, and costs: npx lake plan --target aws looks. To take it down: aws.recovery: { region: ${was.region}, name: ${was.name}, copies: false } in campus.yaml, then npx lake teardown --target aws --environment ${recoveryFor(campus.environment)}`,
  );
}

/** What a first deployment should know, and what collides where it is not the first lake of its account. */
function tellOfFirst(storage: Stack, { name, databasePrefix, sis, replication }: Settings): void {
  Annotations.of(storage).addInfoV2(
    'lake:record',
    'taken for a first deployment. Afterwards, npx lake plan --target aws records what is deployed, so that changes are checked and the data stacks protected',
  );
  const shared = [
    ...(databasePrefix === '' ? ["databases of Glue (aws.databasePrefix: 'college_')"] : []),
    ...(sis.length > 0 && replication.accountRoles === 'create'
      ? ['roles of DMS (aws.replication.accountRoles: exist)']
      : []),
  ];
  if (name === DEFAULT_LAKE_NAME || shared.length === 0) return;
  Annotations.of(storage).addWarningV2(
    'lake:second',
    `where another lake is in this account already, the two have the same ${shared.join(' and the same ')}`,
  );
}
