import type { TableStatistics } from '@aws-sdk/client-database-migration-service';
import { serviceReason } from '../service-words.ts';

/** What a task is for: a copy, or a copy and whatever changes from then on. DMS's own words. */
export type MigrationType = 'full-load' | 'full-load-and-cdc';

/** Where a task reads and writes. */
export interface EndpointPlace {
  readonly sourceEndpointArn: string;
  readonly targetEndpointArn: string;
}

/** A task of DMS, on an instance or serverless. */
export interface DmsTask {
  /** In lower case, as DMS keeps it. */
  readonly id: string;
  readonly arn: string;
  /** creating, ready, starting, running, stopping, stopped, failed, modifying, deleting … */
  readonly status: string;
  /** Why it is stopped or failed, in DMS's words. */
  readonly stopReason?: string;
  readonly failure?: string;
  /** When it began its full load. */
  readonly begunAt?: Date;
  /** Its full load has come to its end. */
  readonly loaded: boolean;
}

/** The calls about the tasks that write to one target. Those that change something may be repeated. */
export interface TaskCalls {
  /** The tasks that there are, by their ids. */
  list(): Promise<Map<string, DmsTask>>;
  create(id: string, mappings: string, settings: string): Promise<void>;
  start(task: DmsTask, how: 'start-replication' | 'resume-processing'): Promise<void>;
  stop(task: DmsTask): Promise<void>;
  /** Gives a task that has stopped other mappings. @returns whether DMS took them now */
  modify(task: DmsTask, mappings: string): Promise<boolean>;
  delete(task: DmsTask): Promise<void>;
  statistics(task: DmsTask): Promise<TableStatistics[]>;
}

/** Brings a task nearer to being gone, as far as its state lets it now. */
export async function clear(task: DmsTask, tasks: TaskCalls): Promise<void> {
  if (task.status === 'running' || task.status === 'starting') await tasks.stop(task);
  else if (!['deleting', 'stopping', 'creating', 'modifying'].includes(task.status)) await tasks.delete(task);
}

/** Whether it was ever started. */
export const wasStarted = ({ status }: DmsTask): boolean =>
  !['creating', 'ready', 'modifying'].includes(status);

/** What DMS says of a task that failed, in the lake's words: its own can repeat those of the database. */
export const failureWords = (said: string): string =>
  serviceReason(said) ?? 'the log of the task holds the reason';

/** Why a task ended, as far as DMS says. */
export const reasonOf = ({ failure, stopReason, status }: DmsTask): string => failure ?? stopReason ?? status;
