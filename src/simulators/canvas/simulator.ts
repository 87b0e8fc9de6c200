import type { College, Row } from '../college/college.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { Fault } from './faults/fault.ts';
import type { FaultName } from './faults/fault-kinds.ts';
import type { FaultScript } from './faults/fault-script.ts';
import type { CanvasLimits } from './limits.ts';
import type { SchemaChange } from './schema/schema-changes.ts';
import type { Boundaries, Until } from './time-range.ts';

export interface CanvasSimulatorOptions {
  readonly college: College;
  readonly clock: VirtualClock;
  /** Default: a free port. */
  readonly port?: number;
  /** Default: no limits. `CANVAS_LIMITS` are the platform's own. */
  readonly limits?: CanvasLimits;
  /** By which the minutes of the limits are counted. Default: the machine's clock. */
  readonly limitClock?: { now(): number };
  /** Default: since-inclusive, as the platform's OpenAPI document says. */
  readonly boundaries?: Boundaries;
  /** Default: clock. */
  readonly until?: Until;
  /**
   * The platform's clock of commits goes forward in steps of this, in ms: commits within one share their instant,
   * whether a load came between them or not. With `latest-commit` only. Default: 1.
   */
  readonly tickMs?: number;
  /** Default: 50,000. */
  readonly rowsPerFile?: number;
  /** How long a job takes: ms of the virtual clock, and polls answered "running". Default: done at once. */
  readonly jobDelay?: { readonly ms?: number; readonly polls?: number };
  /** The platform takes in new data at whole multiples of this, in ms. Default: 0, always up to date. */
  readonly refreshMs?: number;
  /** Default: 3600. */
  readonly tokenSeconds?: number;
  readonly schemaChanges?: readonly SchemaChange[];
  /** 1 to 9. Default: 1, the fastest. */
  readonly gzipLevel?: number;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** What shall fail, and when. Default: nothing. */
  readonly faults?: readonly Fault<FaultName>[];
  /** Of the faults' probabilities. Default: 1. */
  readonly seed?: number;
}

export interface CanvasSimulator {
  /** What a client puts in front of `/dap/…` and `/ids/…`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: VirtualClock;
  readonly limits: CanvasLimits;
  readonly faults: FaultScript;
  /** The names of a namespace's tables. @throws ApiError for a namespace that does not exist */
  tables(namespace: string): string[];
  /**
   * The rows that a lake which has loaded everything up to now should hold, keyed by column, with the server's
   * own defaults and placeholders. Of a log that the platform keeps for a time, these are the rows that were
   * there when its first snapshot was taken, and all since.
   */
  truth(namespace: string, table: string): Row[];
  /** From now on increments of the table from before now are refused: it has been loaded again. */
  reload(namespace: string, table: string): void;
  /** Changes a table's schema now, or at the instant that the change names. */
  changeSchema(change: SchemaChange): void;
  setLimits(limits: CanvasLimits): void;
  /** No job is known any more, as when their 24 hours have passed. */
  forgetJobs(): void;
  stop(): Promise<void>;
}
