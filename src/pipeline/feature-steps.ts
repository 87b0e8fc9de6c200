import type { Feature } from '../ports/feature.ts';
import type { Step } from '../ports/step.ts';

/** The steps of features. Their code is read in when they first run. */
export function featureSteps(features: readonly Feature[]): Step[] {
  return features
    .flatMap(({ steps = [] }) => steps)
    .map(({ name, load }) => ({
      name,
      run: async (input, lake) => (await load()).run(input as { run: string }, lake),
    }));
}
