import type { Json } from '../../../json.ts';

export interface TaskSettingsOptions {
  /** Tables that are copied at once, each by a connection to the SIS: 1 to 49. */
  readonly subTasks: number;
  /** Rows that DMS moves together. */
  readonly commitRate: number;
  /** KB of a text or binary value; what is longer is cut. Twice the limit of the lake: see `lobMaxSizeOf`. */
  readonly lobMaxSize: number;
  /** The task goes on with what changes when everything is loaded. Default: false. */
  readonly capturesChanges?: boolean;
}

const CAPTURE = {
  // A table that is truncated or dropped at the source would take its files with it, and other tables' loads.
  ChangeProcessingDdlHandlingPolicy: {
    HandleSourceTableDropped: false,
    HandleSourceTableTruncated: false,
    HandleSourceTableAltered: true,
  },
  // DMS's own tables would come as files beside those of the SIS.
  ControlTablesSettings: {
    HistoryTableEnabled: false,
    StatusTableEnabled: false,
    SuspendedTablesTableEnabled: false,
  },
};

/**
 * Settings of a task into S3. What is not named keeps the default of DMS. From "Specifying task settings"
 * of the AWS DMS User Guide: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TaskSettings.html
 */
export function taskSettings({
  subTasks,
  commitRate,
  lobMaxSize,
  capturesChanges = false,
}: TaskSettingsOptions): Json {
  return {
    TargetMetadata: {
      SupportLobs: true,
      // S3 takes LOBs of a limited size only.
      FullLobMode: false,
      LimitedSizeLobMode: true,
      LobMaxSize: lobMaxSize,
      // Into S3 it may lose changes; there is nothing to be gained, either, where rows are only appended.
      ...(capturesChanges ? { BatchApplyEnabled: false } : {}),
    },
    FullLoadSettings: {
      // Every load has a folder of its own, so there is nothing to be dropped; dropping would delete files.
      TargetTablePrepMode: 'DO_NOTHING',
      MaxFullLoadSubTasks: subTasks,
      CommitRate: commitRate,
      TransactionConsistencyTimeout: 600,
    },
    Logging: { EnableLogging: true },
    ...(capturesChanges ? CAPTURE : {}),
    ErrorBehavior: {
      // The defaults log a row that does not fit and go on without it. Here its table fails, and says so.
      DataErrorPolicy: 'SUSPEND_TABLE',
      DataTruncationErrorPolicy: 'SUSPEND_TABLE',
      TableErrorPolicy: 'SUSPEND_TABLE',
      FailOnNoTablesCaptured: true,
      // About twenty minutes of a SIS that is away. Changes wait for it: they must not be lost, nor pile up there.
      RecoverableErrorCount: capturesChanges ? -1 : 8,
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
