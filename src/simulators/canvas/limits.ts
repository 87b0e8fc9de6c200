import { tooManyRequests } from './api-errors.ts';
import type { Endpoint } from './call.ts';

/** Calls that each door lets in during any 60 seconds; a door that is not named has no limit. */
export type CanvasLimits = Partial<Readonly<Record<Endpoint, number>>>;

/** The limits that Instructure publishes ("Limits & policies" of the DAP documentation). */
export const CANVAS_LIMITS: CanvasLimits = {
  'create-job': 5,
  'get-job': 500,
  list: 5,
  schema: 500,
  'object-url': 200,
};

const WINDOW_MS = 60_000;

/** Counts the calls of the last minute, for each door. */
export class LimitCounter {
  limits: CanvasLimits;
  readonly #now: () => number;
  readonly #calls = new Map<Endpoint, number[]>();

  constructor(limits: CanvasLimits, now: () => number) {
    this.limits = limits;
    this.#now = now;
  }

  /** @throws ApiError 429 with `Retry-After` in whole seconds */
  enter(endpoint: Endpoint): void {
    const limit = this.limits[endpoint];
    if (limit === undefined) return;
    const now = this.#now();
    const recent = (this.#calls.get(endpoint) ?? []).filter((at) => at > now - WINDOW_MS);
    if (recent.length >= limit) {
      const oldest = recent[0] ?? now;
      this.#calls.set(endpoint, recent);
      throw tooManyRequests(Math.max(1, Math.ceil((oldest + WINDOW_MS - now) / 1000)));
    }
    this.#calls.set(endpoint, [...recent, now]);
  }
}
