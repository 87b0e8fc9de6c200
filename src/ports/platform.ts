import type { AccessHistory } from './access-history.ts';
import type { DriftDetector } from './drift.ts';
import type { Eraser } from './eraser.ts';
import type { EventLogs } from './event-log.ts';
import type { EventQueue } from './event-queue.ts';
import type { LanguageModel } from './language-model.ts';
import type { LedgerStore } from './ledger.ts';
import type { ObjectStore } from './objects.ts';
import type { QueryEngine } from './query-engine.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Replication } from './replication.ts';
import type { SecretStore } from './secrets.ts';
import type { TableGuard } from './table-guard.ts';
import type { Warehouse } from './warehouse.ts';

/**
 * The platform: what a target (one machine, or AWS) gives to the lake. Everything in `src/` outside
 * `src/platform/<target>` reaches the world through these interfaces only.
 */
export interface Platform {
  readonly target: 'local' | 'aws';
  readonly clock: Clock;
  readonly objects: ObjectStore;
  readonly ledger: LedgerStore;
  readonly engine: QueryEngine;
  readonly secrets: SecretStore;
  readonly limits: RateLimits;
  readonly replication: Replication;
  readonly warehouse: Warehouse;
  readonly drift: DriftDetector;
  /** Who decides on columns by what they say of people. Absent: who may read a table reads all of it. */
  readonly guard?: TableGuard;
  /** What happens, as it happens. Absent: this target keeps no events. */
  readonly events?: EventLogs;
  /** Opens a queue of Amazon SQS by its address. Absent: this target takes nothing from queues. */
  readonly queue?: (url: string, region?: string) => Promise<EventQueue>;
  /** Takes rows of persons out of what is stored. Absent: this target cannot. */
  readonly eraser?: Eraser;
  /**
   * Certificates of erasures and the list of those who must not come back. It lies apart from the lake, so that a lake
   * restored from a backup meets the list of today. Absent: nobody can be erased in this target.
   */
  readonly register?: ObjectStore;
  /** What people have asked services of this target past the lake. Absent: there are none, or none that keeps it. */
  readonly accessHistory?: AccessHistory;
  /** Where this target tells the team, in addition to the channels of campus.yaml. Absent: nowhere, as on one machine. */
  readonly topic?: Topic;
  /** Absent: campus.yaml names none. */
  readonly languageModel?: LanguageModel;
  close(): Promise<void>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Subscribers of whom only the target knows. */
export interface Topic {
  publish(message: { readonly subject: string; readonly text: string }): Promise<void>;
}
