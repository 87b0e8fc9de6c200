import type { MeasuredWork } from '../ports/metering.ts';

/**
 * What AWS charges for work, in the regions of the United States, US dollars, without free tiers; on 2026-11-22.
 * The estimate of `lake cost` uses the same; a test compares them. Sources: https://aws.amazon.com/athena/pricing/,
 * https://aws.amazon.com/glue/pricing/, https://aws.amazon.com/lambda/pricing/
 */
export const PRICES = {
  athenaTerabyte: 5,
  glueDpuHour: 0.44,
  lambdaGigabyteSecond: 0.0000133334,
  lambdaRequest: 0.0000002,
} as const;

/** Athena charges whole megabytes, and ten at least. */
const MEGABYTE = 1e6;
const LEAST_MEGABYTES = 10;

/** What work cost. Undefined where it costs nothing by itself: a machine of the college's own, a copy by an instance. */
export function dollarsOf({
  engine,
  bytesIn,
  dpuSeconds,
  gigabyteSeconds,
}: MeasuredWork): number | undefined {
  if (engine === 'athena' && bytesIn !== undefined)
    return (
      (Math.max(LEAST_MEGABYTES, Math.ceil(bytesIn / MEGABYTE)) * MEGABYTE * PRICES.athenaTerabyte) / 1e12
    );
  if (engine === 'glue' && dpuSeconds !== undefined) return (dpuSeconds / 3600) * PRICES.glueDpuHour;
  if (engine === 'lambda' && gigabyteSeconds !== undefined)
    return gigabyteSeconds * PRICES.lambdaGigabyteSecond + PRICES.lambdaRequest;
  return undefined;
}
