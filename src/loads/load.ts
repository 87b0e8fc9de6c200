import type { StoredObject, TableVersion } from '../platform/ports.ts';

/**
 * What is written beside the raw files of a load, as `manifest.json`: enough to stage it again without asking the
 * source. Plain JSON.
 */
export type LoadManifest = {
  readonly load: string;
  readonly dataset: string;
  readonly kind: 'snapshot' | 'increment';
  readonly layout: 'dap' | 'dms';
  readonly format: 'jsonl' | 'parquet';
  /** Where the source gives one (Canvas). */
  readonly schemaVersion?: number;
  readonly since?: string;
  /** How far the dataset is loaded with this load, in the source's clock. */
  readonly watermark: string;
  /** The source's own name of the job or task, for its support. */
  readonly job?: string;
  /** Rows, where the source counts them. */
  readonly rows?: number;
  readonly files: StoredObject[];
  readonly startedAt: string;
};

/** A load in the raw zone that staging has not taken yet. */
export type PendingLoad = {
  readonly load: string;
  readonly kind: 'snapshot' | 'increment';
  readonly manifest: string;
};

/** A job that was asked for; kept so that a continued run asks for it again instead of starting a new one. */
export type InFlight = {
  readonly load: string;
  readonly job: string;
  readonly kind: 'snapshot' | 'increment';
  readonly since?: string;
  readonly startedAt: string;
};

/** The one record by which a dataset's loads are committed; replaced only by conditional writes. */
export type DatasetState = {
  readonly dataset: string;
  readonly watermark?: string;
  readonly schemaVersion?: number;
  readonly inFlight?: InFlight;
  readonly pending: PendingLoad[];
  /** The newest staged version; people see it only once it is published. */
  readonly staged?: TableVersion;
  /** The newest load that `staged` holds. */
  readonly stagedLoad?: string;
};
