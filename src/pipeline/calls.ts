import type { Json } from '../json.ts';
import type { Template } from './plan.ts';

/**
 * What the state machine and the functions of the AWS target say to each other. Every state hands on one frame: where
 * in the plan the execution stands and what a template there can name. A function is called with what the plan says
 * at that place and with the frame, and answers with what changes in it. So the state machine holds no rule of its
 * own but the order.
 */
export type Frame = {
  readonly run: string;
  readonly attempt: number;
  /** Place in the plan of what encloses the next node; see StepRecord. */
  readonly path: string;
  /** Of the innermost item; empty for the run as a whole. */
  readonly label: string;
  readonly item?: Json;
  /** Output of the node before; see `keepSmall` for a large one. */
  readonly last?: Json;
  /** Whether the node before asked for the body that it ends. */
  readonly again?: boolean;
  /** The step is not done yet: first tried then (epoch ms), tried again in so many seconds. */
  readonly wait?: { readonly since: number; readonly seconds: number } | null;
  /** What a state that failed says of it. */
  readonly failure?: FrameFailure;
};

/** A failure as Step Functions tells it, or the one that only the state machine can see. */
export type FrameFailure =
  | { readonly Error: string; readonly Cause?: string; readonly path?: string; readonly step?: string }
  | { readonly repeated: { readonly about: string; readonly rounds: number } };

export type OpenCall = { readonly call: 'open'; readonly holder: string; readonly fresh: boolean };

export type StepRequest = {
  readonly call: 'step';
  readonly step: string;
  readonly path: string;
  readonly wait: boolean;
  readonly input?: Template;
  readonly frame: Frame;
};

export type ListCall = {
  readonly call: 'list';
  /** Place of the list, its name included. */
  readonly path: string;
  /** Place that a failure is recorded at. */
  readonly failurePath?: string;
  /** The same, of executions that were under way when it got its name. */
  readonly spared?: string;
  readonly items: string;
  readonly label: string;
  /** Whether the frames come in the answer; otherwise they are in an object that the answer names. */
  readonly inline: boolean;
  readonly frame: Frame;
};

/** Records what failed outside of every function, at `path` where the failure does not say where. */
export type FailedCall = { readonly call: 'failed'; readonly path: string; readonly frame: Frame };

export type EndCall = { readonly call: 'end'; readonly frame: Frame };

/** Asks a feature to look at the lake, between runs; sent by a schedule. */
export type WatchCall = { readonly call: 'watch'; readonly feature: string };

/** Does one round of following the changes of the SIS, between runs; sent by a schedule. */
export type FollowCall = { readonly call: 'follow' };

export type Call = FollowCall | WatchCall | OpenCall | StepRequest | ListCall | FailedCall | EndCall;

/** The name of an error that the ledger holds already: the state machine passes it by. */
export const STEP_FAILED = 'StepFailed';
/** The name of an error of the platform that another attempt is likely not to meet. */
export const TRY_AGAIN = 'TryAgain';
