/** Token buckets shared by everything that calls one source. */
export interface RateLimits {
  /** Takes one token if there is one; otherwise says how long to wait, in ms. */
  take(bucket: string, perMinute: number): Promise<{ granted: boolean; waitMs: number }>;
  /** Nothing is granted from this bucket until then (epoch ms): the server said so (429, `Retry-After`). */
  pause(bucket: string, until: number): Promise<void>;
}
