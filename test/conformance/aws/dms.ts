import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SisSourceConfig } from '../../../src/campus/campus-schema.ts';
import type { Json } from '../../../src/json.ts';
import { openLocalReplication } from '../../../src/platform/local/replication/replication.ts';
import type { ObjectStore, ReplicatedTable, ReplicationStatus } from '../../../src/platform/ports.ts';
import { parseMappings } from '../../../src/sis/mapping/parse.ts';
import { targetNames } from '../../../src/sis/mapping/target-name.ts';
import { Fault, serveJson } from './json-endpoint.ts';

export const SOURCE_ARN = 'arn:aws:dms:us-east-1:000000000000:endpoint:source';
export const TARGET_ARN = 'arn:aws:dms:us-east-1:000000000000:endpoint:target';
export const INSTANCE_ARN = 'arn:aws:dms:us-east-1:000000000000:rep:instance';

export interface DmsOptions {
  readonly source: SisSourceConfig;
  readonly password: string;
  /** The raw zone. */
  readonly objects: ObjectStore;
  /** How often each task breaks off before it is allowed to finish. Default: never. */
  readonly breaks?: number;
}

export interface Dms {
  readonly endpoint: string;
  /** Names of the operations that were asked for, in order. */
  readonly asked: string[];
  /** Identifiers of the tasks that there are. */
  tasks(): string[];
  /** Tests of connections to this endpoint fail from now on, or succeed again. */
  unreachable(arn: string, words: string | undefined): void;
  stop(): Promise<void>;
}

interface Task {
  readonly ReplicationTaskIdentifier: string;
  readonly ReplicationTaskArn: string;
  readonly TargetEndpointArn: string;
  readonly TableMappings: string;
  readonly ReplicationTaskSettings: string;
  Status: string;
  StopReason?: string;
  LastFailureMessage?: string;
  ReplicationTaskStartDate?: number;
  broken: number;
  tables: ReplicatedTable[];
}

type Filters = {
  readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
};

/**
 * An endpoint that speaks the API of AWS DMS for one SIS and does its work: a task that is started copies, by the
 * replicator of the one-machine home, the tables of a real PostgreSQL, and puts their files where the target
 * endpoint says. States change as they do at AWS: a task is creating before it is ready, connections are tested.
 */
export async function startDms(options: DmsOptions): Promise<Dms> {
  const root = await mkdtemp('/tmp/dms-');
  const tasks = new Map<string, Task>();
  const asked: string[] = [];
  const failing = new Map<string, string>();
  const connections = new Map<string, { Status: string; LastFailureMessage?: string }>();
  const S3Settings = { BucketName: 'raw', BucketFolder: 'raw/sis', DataFormat: 'parquet' };
  const replication = openLocalReplication({
    root,
    sources: { sis: options.source },
    secrets: { get: async () => options.password },
  });
  const working = new Set<Promise<void>>();

  async function copy(task: Task, folder: string): Promise<void> {
    const mappings = JSON.parse(task.TableMappings) as Json;
    const request = {
      source: 'sis',
      load: `${task.ReplicationTaskIdentifier}-${task.broken}`,
      prefix: folder,
      mappings,
    };
    const { task: name } = await replication.start(request);
    let status: ReplicationStatus;
    do status = await replication.poll(name);
    while (!status.done);
    const names = targetNames(parseMappings(mappings));
    for (const table of status.tables) {
      const target = names(table.schema, table.table);
      for (const { key } of table.files ?? []) {
        const file = path.join(root, key);
        await options.objects.put(
          `${folder}/${target.schema}/${target.name}/${path.basename(key)}`,
          createReadStream(file),
        );
      }
    }
    task.tables = status.tables;
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
    try {
      await copy(task, S3Settings.BucketFolder);
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

  const api = await serveJson(
    counted(asked, {
      DescribeEndpoints: (input: Filters) => ({
        Endpoints: [{ EndpointArn: filterValue(input, 'endpoint-arn'), S3Settings }],
      }),
      ModifyEndpoint(input: { EndpointArn: string; S3Settings: typeof S3Settings }) {
        if ([...tasks.values()].some(({ Status }) => Status === 'running')) {
          throw new Fault('InvalidResourceStateFault', 'A task of the endpoint is running');
        }
        Object.assign(S3Settings, input.S3Settings);
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
      DescribeReplicationTasks(input: Filters) {
        const arn = filterValue(input, 'endpoint-arn');
        const found = [...tasks.values()].filter((task) => task.TargetEndpointArn === arn);
        if (found.length === 0) throw new Fault('ResourceNotFoundFault', 'No tasks found');
        const answer = {
          ReplicationTasks: found.map(({ tables: _t, broken: _b, ...task }) => ({ ...task })),
        };
        for (const task of found) if (task.Status === 'creating') task.Status = 'ready';
        for (const task of found)
          if (task.Status === 'deleting') tasks.delete(task.ReplicationTaskIdentifier);
        for (const task of found) if (task.Status === 'stopping') task.Status = 'stopped';
        return answer;
      },
      CreateReplicationTask(input: Task & { ReplicationTaskIdentifier: string }) {
        const id = input.ReplicationTaskIdentifier.toLowerCase();
        if (tasks.has(id)) throw new Fault('ResourceAlreadyExistsFault', 'Replication Task already exists');
        if (!/^[a-z](?!.*--)[a-z0-9-]{0,254}(?<!-)$/.test(id))
          throw new Fault('ValidationException', `${id} is no identifier`);
        JSON.parse(input.ReplicationTaskSettings);
        const task = { ...input, ReplicationTaskIdentifier: id, ReplicationTaskArn: `${INSTANCE_ARN}:${id}` };
        tasks.set(id, { ...task, Status: 'creating', broken: 0, tables: [] });
      },
      StartReplicationTask(input: { ReplicationTaskArn: string; StartReplicationTaskType: string }) {
        const task = byArn(input);
        busy(
          task,
          ...(input.StartReplicationTaskType === 'start-replication' ? ['ready'] : ['stopped', 'failed']),
        );
        if ([SOURCE_ARN, TARGET_ARN].some((arn) => connections.get(arn)?.Status !== 'successful')) {
          throw new Fault('InvalidResourceStateFault', 'The connection was not tested');
        }
        task.Status = 'starting';
        const work: Promise<void> = run(task).finally(() => working.delete(work));
        working.add(work);
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
      DescribeTableStatistics: (input: { ReplicationTaskArn: string }) => ({
        TableStatistics: byArn(input).tables.map((table) => ({
          SchemaName: table.schema,
          TableName: table.table,
          FullLoadRows: table.rows ?? 0,
          TableState: table.error === undefined ? 'Table completed' : 'Table error',
        })),
      }),
    }),
  );
  return {
    endpoint: api.endpoint,
    asked,
    tasks: () => [...tasks.keys()],
    unreachable: (arn, words) => (words === undefined ? failing.delete(arn) : failing.set(arn, words)),
    async stop() {
      await api.stop();
      while (working.size > 0) await Promise.race([...working, sleep(1_000)]);
      await replication.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The same operations, each call written down. */
function counted<T extends Record<string, (input: never) => unknown>>(asked: string[], operations: T): T {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      (input: never) => {
        asked.push(name);
        return operation(input);
      },
    ]),
  ) as unknown as T;
}
