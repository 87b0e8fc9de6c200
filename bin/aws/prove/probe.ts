import type { LoadedCampus } from '../../../src/campus/load.ts';
import type { AwsClients } from '../../../src/platform/aws/clients.ts';
import type { AwsPlaces } from '../../../src/platform/aws/places.ts';
import type { Platform } from '../../../src/ports/platform.ts';

/** `proven`: the account shows it. `refuted`: it shows the contrary. `open`: it cannot show it, or not yet. */
export type Verdict = 'proven' | 'refuted' | 'open';

export interface Answer {
  readonly verdict: Verdict;
  /** What was seen, without data of people. */
  readonly seen: string;
  /** What to do, where it is not proven. */
  readonly hint?: string;
}

/** What the probes look at. */
export interface ProveContext extends LoadedCampus {
  readonly places: AwsPlaces;
  readonly stateMachineArn: string;
  /** Begins every name. */
  readonly lake: string;
  readonly clients: AwsClients;
  readonly platform: Platform;
  readonly signal: AbortSignal;
}

/** One thing that no test without an account can show, and how an account shows it. It reads, and changes nothing. */
export interface Probe {
  readonly name: string;
  /** What is to be shown, as a statement. */
  readonly claim: string;
  ask(context: ProveContext): Promise<Answer>;
}

export const proven = (seen: string): Answer => ({ verdict: 'proven', seen });
export const refuted = (seen: string, hint: string): Answer => ({ verdict: 'refuted', seen, hint });
export const open = (seen: string, hint: string): Answer => ({ verdict: 'open', seen, hint });
