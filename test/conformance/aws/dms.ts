import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { SisSourceConfig } from '../../../src/campus/campus-schema.ts';
import { openLocalReplication } from '../../../src/platform/local/replication/replication.ts';
import type { ObjectStore } from '../../../src/ports/objects.ts';
import type { ReplicatedTable, ReplicationStatus } from '../../../src/ports/replication.ts';
import { parseMappings } from '../../../src/sis/mapping/parse.ts';
import { targetNames } from '../../../src/sis/mapping/target-name.ts';
import { LogCapture, readRules } from './dms-capture.ts';
import { type Replicated, serverlessCalls } from './dms-serverless.ts';
import { Fault, serveJson } from './json-endpoint.ts';

export const SOURCE_ARN = 'arn:aws:dms:us-east-1:000000000000:endpoint:source';
export const TARGET_ARN = 'arn:aws:dms:us-east-1:000000000000:endpoint:target';
export const CHANGES_ARN = 'arn:aws:dms:us-east-1:000000000000:endpoint:changes';
export const INSTANCE_ARN = 'arn:aws:dms:us-east-1:000000000000:rep:instance';

/** Of an endpoint that the lake has named, by the last word of its name. */
export const arnOfEndpoint = (identifier: string): string =>
  identifier.endsWith('-source') ? SOURCE_ARN : identifier.endsWith('-raw') ? TARGET_ARN : CHANGES_ARN;

const endpoints = {
  sourceEndpointArn: SOURCE_ARN,
  targetEndpointArn: TARGET_ARN,
  changesEndpointArn: CHANGES_ARN,
};

/** Both ways in which a SIS can be deployed, and what their calls are called. */
export const KINDS = [
  {
    kind: 'an instance',
    place: { ...endpoints, instanceArn: INSTANCE_ARN },
    calls: {
      create: 'CreateReplicationTask',
      start: 'StartReplicationTask',
      stop: 'StopReplicationTask',
      modify: 'ModifyReplicationTask',
      delete: 'DeleteReplicationTask',
    },
  },
  {
    kind: 'serverless',
    place: {
      ...endpoints,
      serverless: { subnetGroup: 'lake', securityGroup: 'sg-1', minDcu: 1, maxDcu: 4 },
    },
    calls: {
      create: 'CreateReplicationConfig',
      start: 'StartReplication',
      stop: 'StopReplication',
      modify: 'ModifyReplicationConfig',
      delete: 'DeleteReplicationConfig',
    },
  },
] as const;

export interface DmsOptions {
  readonly source: SisSourceConfig;
  readonly password: string;
  /** The raw zone. */
  readonly objects: ObjectStore;
  /** How often each task breaks off before it is allowed to finish. Default: never. */
  readonly breaks?: number;
  /** DMS lets go of the capacity of a serverless replication as soon as it has stopped. Default: much later. */
  readonly forgetful?: boolean;
  /** Whoever may read the log of the source, whose wal_level must be logical. Default: no changes are captured. */
  readonly admin?: pg.Client;
}

export interface Dms {
  readonly endpoint: string;
  /** Names of the operations that were asked for, in order. */
  readonly asked: string[];
  /** Identifiers of the tasks that there are. */
  tasks(): string[];
  /** What the operations of one name were given, in order. */
  given(operation: string): Record<string, unknown>[];
  /** Every task that runs fails with these words, and whenever it is resumed until it is mended. */
  breakOff(words: string | undefined): Promise<void>;
  /** Tests of connections to this endpoint fail from now on, or succeed again. */
  unreachable(arn: string, words: string | undefined): void;
  /** CloudFormation updates an endpoint: all its settings, the folder among them, are the template's again. */
  deployed(arn: string, folder: string): void;
  stop(): Promise<void>;
}

interface Task extends Replicated {
  readonly ReplicationTaskSettings: string;
  broken: number;
  /** Tables are on their way. */
  copying?: boolean;
  tables: ReplicatedTable[];
}

type Filters = {
  readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
};

/**
 * An endpoint that speaks the API of AWS DMS for one SIS and does its work: a task that is started copies, by the
 * replicator of the one-machine home, the tables of a real PostgreSQL, and puts their files where the target
 * endpoint says, and follows the database's log where it is to capture changes. States change as they do at AWS: a
 * task is creating before it is ready, connections are tested. What changed is written whenever somebody looks.
 */
export async function startDms(options: DmsOptions): Promise<Dms> {
  const root = await mkdtemp('/tmp/dms-');
  const tasks = new Map<string, Task>();
  const asked: string[] = [];
  const failing = new Map<string, string>();
  const connections = new Map<string, { Status: string; LastFailureMessage?: string }>();
  const given = new Map<string, Record<string, unknown>[]>();
  const settingsOf = (BucketFolder: string) => ({ BucketName: 'raw', BucketFolder, DataFormat: 'parquet' });
  const targets = new Map([
    [TARGET_ARN, settingsOf('raw/sis')],
    [CHANGES_ARN, settingsOf('raw/sis-changes')],
  ]);
  const folderOf = ({ TargetEndpointArn }: Task) => targets.get(TargetEndpointArn)!.BucketFolder;
  const capture = options.admin && new LogCapture({ admin: options.admin, objects: options.objects, root });
  const slotOf = ({ ReplicationTaskIdentifier: id }: Task) => `dms_${id.replaceAll('-', '_')}`.slice(-60);
  let broken: string | undefined;
  const replication = openLocalReplication({
    root,
    sources: { sis: options.source },
    secrets: { get: async () => options.password },
  });
  const working = new Set<Promise<void>>();
  let copies = 0;

  async function copy(task: Task, folder: string): Promise<void> {
    const { known: mappings } = readRules(task.TableMappings);
    const request = {
      source: 'sis',
      load: `${task.ReplicationTaskIdentifier}-${task.broken}-${++copies}`,
      prefix: folder,
      mappings,
    };
    const { task: name } = await replication.start(request);
    let status: ReplicationStatus;
    do status = await replication.poll(name);
    while (!status.done);
    const names = targetNames(parseMappings(mappings));
    // A task that goes on copies the tables that are new to it.
    const known = new Set(task.tables.map(labelOf));
    const fresh = status.tables.filter((table) => !known.has(labelOf(table)));
    for (const table of fresh) {
      const target = names(table.schema, table.table);
      for (const { key } of table.files ?? []) {
        const file = path.join(root, key);
        await options.objects.put(
          `${folder}/${target.schema}/${target.name}/${path.basename(key)}`,
          createReadStream(file),
        );
      }
    }
    const wanted = new Set(status.tables.map(labelOf));
    task.tables = [...task.tables.filter((table) => wanted.has(labelOf(table))), ...fresh];
  }

  async function flush(task: Task): Promise<void> {
    await capture?.flush(slotOf(task), task.TableMappings, folderOf(task), new Set(task.tables.map(labelOf)));
  }

  async function run(task: Task): Promise<void> {
    task.Status = 'running';
    task.ReplicationTaskStartDate ??= Date.now() / 1000;
    if (task.broken < (options.breaks ?? 0)) {
      task.broken++;
      Object.assign(task, {
        Status: 'stopped',
        StopReason: 'Stop Reason RECOVERABLE_ERROR Error Level RECOVERABLE',
      });
      return;
    }
    const captures = task.MigrationType === 'full-load-and-cdc';
    try {
      if (broken !== undefined) throw new Error(broken);
      if (captures && task.tables.length === 0) await capture!.begin(slotOf(task));
      task.copying = true;
      await copy(task, folderOf(task)).finally(() => {
        task.copying = false;
      });
      if (captures) return;
      // As at AWS also when tables have failed.
      Object.assign(task, { Status: 'stopped', StopReason: 'Stop Reason FULL_LOAD_ONLY_FINISHED' });
    } catch (error) {
      Object.assign(task, { Status: 'failed', LastFailureMessage: (error as Error).message });
    }
  }

  const byArn = ({ ReplicationTaskArn }: { ReplicationTaskArn: string }) => {
    const task = [...tasks.values()].find((one) => one.ReplicationTaskArn === ReplicationTaskArn);
    if (!task) throw new Fault('ResourceNotFoundFault', 'There is no such task');
    return task;
  };
  const filterValue = ({ Filters = [] }: Filters, name: string) =>
    Filters.find((one) => one.Name === name)?.Values[0];
  const busy = (task: Task, ...states: string[]) => {
    if (!states.includes(task.Status)) {
      throw new Fault('InvalidResourceStateFault', `The task is ${task.Status}`);
    }
  };

  function make(id: string, task: Omit<Task, 'broken' | 'tables'>): void {
    if (tasks.has(id)) throw new Fault('ResourceAlreadyExistsFault', 'Replication Task already exists');
    if (!/^[a-z](?!.*--)[a-z0-9-]{0,254}(?<!-)$/.test(id))
      throw new Fault('ValidationException', `${id} is no identifier`);
    JSON.parse(task.ReplicationTaskSettings);
    tasks.set(id, { ...task, broken: 0, tables: [] });
  }

  function begin(task: Task): void {
    task.Status = 'starting';
    const work: Promise<void> = run(task).finally(() => working.delete(work));
    working.add(work);
  }

  const progress = ({ tables, copying }: Task) => (tables.length > 0 && !copying ? 100 : 0);

  async function looked(found: readonly Task[]): Promise<void> {
    for (const task of found) {
      if (task.Status === 'creating') task.Status = 'ready';
      else if (task.Status === 'deleting') {
        await capture?.end(slotOf(task));
        tasks.delete(task.ReplicationTaskIdentifier);
      } else if (task.Status === 'stopping') {
        await flush(task);
        task.Status = 'stopped';
      } else if (task.Status === 'modifying') task.Status = 'stopped';
    }
  }

  async function statistics(task: Task) {
    if (task.MigrationType === 'full-load-and-cdc' && task.Status === 'running' && task.tables.length > 0)
      await flush(task);
    return task.tables.map((table) => ({
      SchemaName: table.schema,
      TableName: table.table,
      FullLoadRows: table.rows ?? 0,
      TableState: table.error === undefined ? 'Table completed' : 'Table error',
    }));
  }

  const serverless = serverlessCalls<Task>({
    tasks,
    forgetful: options.forgetful ?? false,
    begin,
    statistics,
    progress,
    looked,
    failure: (arn) => failing.get(SOURCE_ARN) ?? failing.get(arn),
    make: (id, ReplicationTaskArn, { TargetEndpointArn, ReplicationType, TableMappings, ...input }) =>
      make(id, {
        ReplicationTaskIdentifier: id,
        ReplicationTaskArn,
        TargetEndpointArn: TargetEndpointArn!,
        MigrationType: ReplicationType!,
        TableMappings: TableMappings!,
        ReplicationTaskSettings: input.ReplicationSettings!,
        serverless: true,
        Status: 'created',
      }),
  });

  const api = await serveJson(
    counted(asked, given, {
      ...serverless,
      DescribeAccountAttributes: () => ({
        AccountQuotas: [
          { AccountQuotaName: 'ReplicationInstances', Used: 1, Max: 60 },
          { AccountQuotaName: 'EndpointsPerInstance', Used: 100, Max: 100 },
        ],
      }),
      DescribeEndpoints(input: Filters) {
        const asked = filterValue(input, 'endpoint-arn');
        const named = input.Filters?.find(({ Name }) => Name === 'endpoint-id')?.Values ?? [];
        // Only one SIS is deployed; of what there is not, DMS says so with a fault.
        if (asked === undefined && !named.every((id) => id.includes('-sis-')))
          throw new Fault('ResourceNotFoundFault', 'No endpoints found');
        const arns = asked === undefined ? named.map(arnOfEndpoint) : [asked];
        return {
          Endpoints: arns.map((EndpointArn, i) => ({
            EndpointArn,
            EndpointIdentifier: named[i],
            S3Settings: targets.get(EndpointArn),
          })),
        };
      },
      ModifyEndpoint(input: { EndpointArn: string; S3Settings: ReturnType<typeof settingsOf> }) {
        const own = [...tasks.values()].filter((task) => task.TargetEndpointArn === input.EndpointArn);
        if (own.some(({ Status }) => Status === 'running')) {
          throw new Fault('InvalidResourceStateFault', 'A task of the endpoint is running');
        }
        targets.set(input.EndpointArn, input.S3Settings);
        connections.set(input.EndpointArn, { Status: 'testing' });
      },
      TestConnection: ({ EndpointArn }: { EndpointArn: string }) =>
        void connections.set(EndpointArn, { Status: 'testing' }),
      DescribeConnections(input: Filters) {
        const arn = filterValue(input, 'endpoint-arn')!;
        const now = connections.get(arn);
        if (!now) throw new Fault('ResourceNotFoundFault', 'No connections found');
        const why = failing.get(arn);
        // The next look sees how the test has ended.
        if (now.Status === 'testing') {
          connections.set(
            arn,
            why === undefined ? { Status: 'successful' } : { Status: 'failed', LastFailureMessage: why },
          );
        }
        return { Connections: [{ EndpointArn: arn, ...now }] };
      },
      async DescribeReplicationTasks(input: Filters) {
        const arn = filterValue(input, 'endpoint-arn');
        const instance = filterValue(input, 'replication-instance-arn');
        const found = [...tasks.values()].filter(
          (task) => !task.serverless && (task.TargetEndpointArn === arn || instance === INSTANCE_ARN),
        );
        if (found.length === 0) throw new Fault('ResourceNotFoundFault', 'No tasks found');
        const answer = {
          ReplicationTasks: found.map(({ tables, copying, broken: _b, ...task }) => ({
            ...task,
            ReplicationTaskStats: {
              FullLoadProgressPercent: progress({ ...task, tables, copying, broken: 0 }),
            },
          })),
        };
        await looked(found);
        return answer;
      },
      CreateReplicationTask(input: Task & { ReplicationTaskIdentifier: string }) {
        const id = input.ReplicationTaskIdentifier.toLowerCase();
        make(id, {
          ...input,
          ReplicationTaskIdentifier: id,
          ReplicationTaskArn: `${INSTANCE_ARN}:${id}`,
          Status: 'creating',
        });
      },
      StartReplicationTask(input: { ReplicationTaskArn: string; StartReplicationTaskType: string }) {
        const task = byArn(input);
        busy(
          task,
          ...(input.StartReplicationTaskType === 'start-replication' ? ['ready'] : ['stopped', 'failed']),
        );
        if (
          [SOURCE_ARN, task.TargetEndpointArn].some((arn) => connections.get(arn)?.Status !== 'successful')
        ) {
          throw new Fault('InvalidResourceStateFault', 'The connection was not tested');
        }
        begin(task);
      },
      ModifyReplicationTask(input: { ReplicationTaskArn: string; TableMappings: string }) {
        const task = byArn(input);
        busy(task, 'stopped', 'failed');
        Object.assign(task, { TableMappings: input.TableMappings, Status: 'modifying' });
      },
      StopReplicationTask(input: { ReplicationTaskArn: string }) {
        const task = byArn(input);
        busy(task, 'running');
        task.Status = 'stopping';
      },
      DeleteReplicationTask(input: { ReplicationTaskArn: string }) {
        const task = byArn(input);
        busy(task, 'ready', 'stopped', 'failed');
        task.Status = 'deleting';
      },
      DescribeTableStatistics: async (input: { ReplicationTaskArn: string }) => ({
        TableStatistics: await statistics(byArn(input)),
      }),
    }),
  );
  return {
    endpoint: api.endpoint,
    asked,
    tasks: () => [...tasks.keys()],
    given: (operation) => given.get(operation) ?? [],
    async breakOff(words) {
      broken = words;
      await Promise.all(working);
      if (words === undefined) return;
      for (const task of tasks.values()) {
        if (task.Status === 'running') Object.assign(task, { Status: 'failed', LastFailureMessage: words });
      }
    },
    deployed: (arn, folder) => void targets.set(arn, settingsOf(folder)),
    unreachable: (arn, words) => (words === undefined ? failing.delete(arn) : failing.set(arn, words)),
    async stop() {
      await api.stop();
      while (working.size > 0) await Promise.race([...working, sleep(1_000)]);
      await replication.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

const labelOf = ({ schema, table }: Pick<ReplicatedTable, 'schema' | 'table'>) => `${schema}.${table}`;

/** The same operations, each call written down. */
function counted<T extends Record<string, (input: never) => unknown>>(
  asked: string[],
  given: Map<string, Record<string, unknown>[]>,
  operations: T,
): T {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      (input: never) => {
        asked.push(name);
        given.set(name, [...(given.get(name) ?? []), input]);
        return operation(input);
      },
    ]),
  ) as unknown as T;
}
