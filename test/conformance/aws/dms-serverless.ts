import { Fault } from './json-endpoint.ts';

/** A replication of DMS Serverless as the stand-in keeps it: like a task, with the states before it runs. */
export interface Replicated {
  readonly ReplicationTaskIdentifier: string;
  readonly ReplicationTaskArn: string;
  readonly TargetEndpointArn: string;
  readonly MigrationType: string;
  readonly serverless?: true;
  Status: string;
  StopReason?: string;
  LastFailureMessage?: string;
  ReplicationTaskStartDate?: number;
  TableMappings: string;
  tables: unknown[];
}

export interface ServerlessParts<T extends Replicated> {
  readonly tasks: Map<string, T>;
  /** What was counted is forgotten when a replication stops. */
  readonly forgetful: boolean;
  /** Its work begins: what it copies is copied. */
  begin(task: T): void;
  /** How its statistics would be told, were it a task on an instance. */
  statistics(task: T): Promise<unknown[]>;
  progress(task: T): number;
  /** Whoever has looked at these sees them in their next state the next time. */
  looked(tasks: readonly T[]): Promise<void>;
  make(id: string, arn: string, input: Record<string, string>): void;
  /** Why an endpoint is not reached. */
  failure(arn: string): string | undefined;
}

/** Between the start of a replication and its running, as AWS tells of them, one after another. */
const ON_THE_WAY = [
  'initializing',
  'preparing_metadata_resources',
  'testing_connection',
  'fetching_metadata',
  'calculating_capacity',
  'provisioning_capacity',
  'replication_starting',
];

interface Named {
  readonly ReplicationConfigArn: string;
}

/**
 * The calls of DMS Serverless over the stand-in's own tasks: connections are tested when a replication is started,
 * nothing is there to be looked at before it runs, a full load cannot be resumed, and what was counted is forgotten
 * with the capacity.
 */
export function serverlessCalls<T extends Replicated>(parts: ServerlessParts<T>) {
  const { tasks } = parts;
  const own = () => [...tasks.values()].filter(({ serverless }) => serverless);
  const byArn = ({ ReplicationConfigArn: arn }: Named): T => {
    const found = own().find((one) => one.ReplicationTaskArn === arn);
    if (!found) throw new Fault('ResourceNotFoundFault', 'There is no such replication config');
    return found;
  };
  const only = (task: T, ...states: string[]) => {
    if (states.includes(task.Status)) return;
    throw new Fault('InvalidResourceStateFault', `The replication is in ${task.Status.toUpperCase()} state`);
  };
  const move = (task: T) => {
    const at = ON_THE_WAY.indexOf(task.Status);
    if (at < 0) return;
    const why = parts.failure(task.TargetEndpointArn);
    if (task.Status === 'testing_connection' && why !== undefined)
      Object.assign(task, { Status: 'failed', LastFailureMessage: `Test connection failed: ${why}` });
    else if (at < ON_THE_WAY.length - 1) task.Status = ON_THE_WAY[at + 1]!;
    else parts.begin(task);
  };
  const configOf = (task: T) => ({
    ReplicationConfigIdentifier: task.ReplicationTaskIdentifier,
    ReplicationConfigArn: task.ReplicationTaskArn,
    TargetEndpointArn: task.TargetEndpointArn,
  });
  return {
    CreateReplicationConfig(input: Record<string, string> & { ComputeConfig?: Record<string, unknown> }) {
      const { ReplicationSubnetGroupId: group, MaxCapacityUnits: most } = input.ComputeConfig ?? {};
      if (!group || !most) throw new Fault('InvalidParameterValueException', 'It has no capacity');
      const id = input.ReplicationConfigIdentifier!.toLowerCase();
      parts.make(id, `arn:aws:dms:us-east-1:000000000000:replication-config:${id}`, input);
    },
    DescribeReplicationConfigs: () => ({ ReplicationConfigs: own().map(configOf) }),
    async DescribeReplications() {
      const found = own().filter(({ Status }) => Status !== 'created');
      const Replications = found.map((task) => ({
        ...configOf(task),
        Status: task.Status,
        StopReason: task.StopReason,
        ...(task.LastFailureMessage && { FailureMessages: [task.LastFailureMessage] }),
        ReplicationCreateTime: 1_763_000_000,
        ReplicationStats: {
          FreshStartDate: task.ReplicationTaskStartDate,
          FullLoadProgressPercent: parts.progress(task),
        },
      }));
      await parts.looked(found);
      for (const task of found) move(task);
      return { Replications };
    },
    StartReplication(input: Named & { StartReplicationType: string }) {
      const task = byArn(input);
      const how = input.StartReplicationType;
      only(task, ...(how === 'start-replication' ? ['created'] : ['stopped', 'failed']));
      if (how === 'resume-processing' && task.MigrationType === 'full-load')
        throw new Fault('InvalidParameterCombinationException', 'A full load cannot be resumed');
      if (how === 'reload-target') task.tables.length = 0;
      Object.assign(task, { Status: ON_THE_WAY[0], StopReason: undefined, LastFailureMessage: undefined });
    },
    ModifyReplicationConfig(input: Named & { TableMappings: string }) {
      const task = byArn(input);
      only(task, 'created', 'stopped', 'failed');
      Object.assign(task, { TableMappings: input.TableMappings, Status: 'modifying' });
    },
    StopReplication(input: Named) {
      const task = byArn(input);
      only(task, 'running');
      task.Status = 'stopping';
    },
    DeleteReplicationConfig(input: Named) {
      const task = byArn(input);
      only(task, 'created', 'stopped', 'failed');
      task.Status = 'deleting';
    },
    async DescribeReplicationTableStatistics(input: Named) {
      const task = byArn(input);
      if (ON_THE_WAY.includes(task.Status))
        throw new Fault('InvalidResourceStateFault', 'The replication has no statistics yet');
      const forgotten = parts.forgetful && task.Status === 'stopped';
      return { ReplicationTableStatistics: forgotten ? [] : await parts.statistics(task) };
    },
  };
}
