import { setImmediate } from 'node:timers/promises';
import { modelsInWaves } from '../../models/build-model.ts';
import type { Uses } from '../../ports/step.ts';

/** What decides the size of a college's lake. */
export interface CollegeSize {
  readonly students: number;
  /** Models, and the waves in which they are built. */
  readonly models: number;
  readonly waves: number;
}

/** Prices what is deployed; given by the entrance, which knows the deployment. */
export interface Pricing<Estimate> {
  /** What the lake costs a month with this profile. */
  price(lake: Uses<'campus' | 'catalog'>, profile: string, size: CollegeSize): Estimate;
  readonly region: string;
  /** When the prices were written down. */
  readonly pricesOf: string;
}

export interface CostRequest {
  readonly students: number;
  /** One estimate each, in this order. */
  readonly profiles: readonly string[];
  /** Is called with the name of each profile before it is priced. */
  readonly tell?: (profile: string) => void;
}

export interface CostEstimates<Estimate> {
  /** The college's name. */
  readonly campus: string;
  readonly students: number;
  /** Profiles side by side. */
  readonly estimates: readonly Estimate[];
  readonly region: string;
  readonly pricesOf: string;
}

/** What the lake of a campus would cost on AWS a month. @throws ModelError for models that cannot be read or ordered */
export async function estimateCosts<Estimate>(
  lake: Uses<'campus' | 'catalog' | 'features'>,
  { students, profiles, tell }: CostRequest,
  { price, region, pricesOf }: Pricing<Estimate>,
): Promise<CostEstimates<Estimate>> {
  const waves = await modelsInWaves(lake);
  const size = { students, models: waves.flat().length, waves: waves.length };
  const estimates: Estimate[] = [];
  for (const profile of profiles) {
    tell?.(profile);
    // Pricing keeps the processor: progress is drawn before.
    await setImmediate();
    estimates.push(price(lake, profile, size));
  }
  return { campus: lake.campus.name, students, estimates, region, pricesOf };
}
