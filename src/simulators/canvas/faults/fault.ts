import type { Answer } from '../answer.ts';
import type { ApiParts } from '../api.ts';
import type { Call, Endpoint } from '../call.ts';
import type { ColumnChange } from '../schema/schema-changes.ts';

/** A failure to inject: what, and at which moment. Plain JSON, so that it can be sent to another process. */
export interface Fault<What extends string = string> {
  readonly what: What;
  readonly when?: FaultMoment;
  /** Retry-After, the length of a delay or stall, or the life of a token; each kind has its default. */
  readonly seconds?: number;
  /** Where in a file, from 0 to 1. Default: the middle. */
  readonly at?: number;
  /** For `schema-bump`. Default: a new optional text column. */
  readonly change?: ColumnChange;
}

/** Which calls are meant; what is left out matches all. */
export interface FaultMoment {
  /** One door, for kinds that can strike at several. */
  readonly endpoint?: Endpoint;
  readonly namespace?: string;
  readonly table?: string;
  readonly load?: 'snapshot' | 'increment';
  /** Strikes from the nth matching call on. Default: 1. */
  readonly nth?: number;
  /** How often it strikes. Default: 1; null: for good. */
  readonly times?: number | null;
  /** Of each matching call, from the script's seed. Default: 1. */
  readonly probability?: number;
  /** Not before this instant of the simulator's clock, epoch ms. */
  readonly after?: number;
}

/** What a striking fault has in hand. */
export interface Strike {
  readonly fault: Fault;
  readonly call: Call;
  readonly parts: ApiParts;
  /** The right answer, with all its effects. @throws ApiError */
  carryOn(): Promise<Answer>;
}

export interface FaultKind<What extends string = string> {
  readonly what: What;
  /** The doors at which it strikes. */
  readonly endpoints: readonly Endpoint[];
  /** It shows only when the records are read, not while they are loaded. Default: at once. */
  readonly in?: 'records';
  /** Only calls that start an increment. */
  readonly onlyIncrements?: true;
  /**
   * What a good client makes of a single strike: `recover` by itself, or `report` it as a failed load, because
   * only a person can help.
   */
  readonly calls: 'recover' | 'report';
  readonly about: string;
  /** @throws ApiError with the answer to send instead */
  strike(strike: Strike): Answer | Promise<Answer>;
}
