import { alerts } from './alerts/feature.ts';
import { assistant } from './assistant/feature.ts';
import { earlyWarningFeature } from './early-warning/feature.ts';
import { firstSemester } from './first-semester/feature.ts';
import { health } from './health/feature.ts';
import { jobs } from './jobs/feature.ts';
import { liveEventsFeature } from './live-events/feature.ts';
import { notebooks } from './notebooks/feature.ts';
import type { Feature } from './ports/feature.ts';
import { slo } from './slo/feature.ts';
import { sop } from './sop/feature.ts';

/** The features of the lake, in the order in which they run and are shown. A new one is added here, nowhere else. */
export const FEATURES: readonly Feature[] = [
  firstSemester,
  earlyWarningFeature,
  alerts,
  liveEventsFeature,
  slo,
  jobs,
  health,
  sop,
  assistant,
  notebooks,
];
