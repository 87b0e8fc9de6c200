import type { Json } from '../../../json.ts';

export interface TaskSettingsOptions {
  /** Tables that are copied at once, each by a connection to the SIS: 1 to 49. */
  readonly subTasks: number;
}

/** In KB. Longer texts fail their table (`FailTasksOnLobTruncation` of the endpoint) instead of being cut. */
const LOB_MAX_KB = 64;

/**
 * Settings of a full-load task into S3. What is not named keeps the default of DMS. From "Specifying task settings"
 * of the AWS DMS User Guide: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TaskSettings.html
 */
export function taskSettings({ subTasks }: TaskSettingsOptions): Json {
  return {
    TargetMetadata: {
      SupportLobs: true,
      // S3 takes LOBs of a limited size only.
      FullLobMode: false,
      LimitedSizeLobMode: true,
      LobMaxSize: LOB_MAX_KB,
    },
    FullLoadSettings: {
      // Every load has a folder of its own, so there is nothing to be dropped; dropping would delete files.
      TargetTablePrepMode: 'DO_NOTHING',
      MaxFullLoadSubTasks: subTasks,
      CommitRate: 10_000,
      TransactionConsistencyTimeout: 600,
    },
    Logging: { EnableLogging: true },
    ErrorBehavior: {
      // The defaults log a row that does not fit and go on without it. Here its table fails, and says so.
      DataErrorPolicy: 'SUSPEND_TABLE',
      DataTruncationErrorPolicy: 'SUSPEND_TABLE',
      TableErrorPolicy: 'SUSPEND_TABLE',
      FailOnNoTablesCaptured: true,
      // About twenty minutes of a SIS that is away; the default is for ever.
      RecoverableErrorCount: 8,
      RecoverableErrorInterval: 5,
      RecoverableErrorThrottling: true,
      RecoverableErrorThrottlingMax: 300,
    },
  };
}

/**
 * Readers of each of several tasks that run at once, so that all together open no more connections to the SIS than
 * it is said to bear.
 */
export function subTasksOf(connections: number, tasks: number): number {
  return Math.max(1, Math.min(49, Math.floor(connections / tasks)));
}
