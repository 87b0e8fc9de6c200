/**
 * Namespaces whose tables hold only a sliding window, in days. Canvas's web logs: 30 days ("Limits & policies" of
 * the DAP documentation). What leaves the window unloaded is lost for good.
 */
const WINDOW_DAYS: { readonly [namespace: string]: number } = { canvas_logs: 30 };

/** From a watermark so old on, people are warned. */
const WARN_DAYS = 20;
const DAY_MS = 86_400_000;

/** Whether a snapshot of the namespace is only the newest part of what was once there, and so replaces nothing. */
export function hasWindow(namespace: string): boolean {
  return WINDOW_DAYS[namespace] !== undefined;
}

/**
 * What to tell people before, and after, the window closes over changes that are not loaded.
 * @param watermark how far the dataset is loaded, ISO 8601
 * @param now the source's clock, epoch ms
 */
export function windowWarning(namespace: string, watermark: string, now: number): string | undefined {
  const window = WINDOW_DAYS[namespace];
  const days = Math.floor((now - Date.parse(watermark)) / DAY_MS);
  if (window === undefined || days <= WARN_DAYS) return undefined;
  const last = `loaded last ${days} days ago, and the source keeps ${window} days`;
  return days <= window
    ? `${last}: what is not loaded within ${window - days} days is lost for good`
    : `${last}: about ${days - window} days are lost for good`;
}
