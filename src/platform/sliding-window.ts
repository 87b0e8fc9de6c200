/** What is known of one bucket: instants of the newest grants, oldest first, and until when it is closed (epoch ms). */
export interface WindowState {
  readonly granted: readonly number[];
  readonly pausedUntil: number;
}

export const EMPTY_WINDOW: WindowState = { granted: [], pausedUntil: 0 };

export type WindowAnswer =
  | { readonly granted: true; readonly state: WindowState }
  | { readonly granted: false; readonly waitMs: number };

/** Added to the minute, so that jitter on the way cannot bring two windows closer than the server's minute. */
const SLACK_MS = 250;
const MINUTE_MS = 60_000;

/**
 * Asks for one token. A sliding window rather than a refilled bucket: in no stretch of a minute are more than
 * `perMinute` granted, however the server counts its minute; and all of them may go at once, which a short job is
 * glad of. Less than one a minute (0.5) is one in a longer window.
 */
export function askWindow(state: WindowState, perMinute: number, now: number): WindowAnswer {
  const capacity = Math.max(1, Math.floor(perMinute));
  const window = MINUTE_MS * Math.max(1, capacity / perMinute) + SLACK_MS;
  const recent = state.granted.filter((at) => at > now - window);
  const oldest = recent.at(-capacity);
  const freeAt = Math.max(state.pausedUntil, oldest === undefined ? 0 : oldest + window);
  if (freeAt > now) return { granted: false, waitMs: freeAt - now };
  return { granted: true, state: { ...state, granted: [...recent, now].slice(-capacity) } };
}

/** The same bucket, closed until then at least. */
export function pauseWindow(state: WindowState, until: number): WindowState {
  return { ...state, pausedUntil: Math.max(state.pausedUntil, until) };
}
