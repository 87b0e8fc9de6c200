/** So far is a clock ahead at most of the one that receives: a time beyond it is a mistake, such as of a zone. */
const AHEAD_MS = 30 * 60_000;
/** So long is an event under way at most: a queue of SQS keeps it for 14 days. */
const UNDER_WAY_MS = 14 * 86_400_000;

/**
 * When something happened: when it says, but not long after it came. An event from the future would count as the newest for
 * as long as it is in the log.
 * @param received when it came, epoch ms: where the clock was set back since, the latest receipt until then
 */
export const possibleTime = (time: number, received: number): number =>
  time > received + AHEAD_MS ? received : time;

/** Since when something that came was under way, at the earliest, epoch ms. */
export const underWaySince = (time: number, received: number): number =>
  Math.max(possibleTime(time, received), received - UNDER_WAY_MS);
