import type { Step, Uses } from '../ports/step.ts';
import { planModels } from './build-model.ts';

export type ModelsPlan = { waves: { wave: string; models: { model: string }[] }[] };

/** Which models there are and in which waves they can be built; one with a mistake fails when its turn comes. */
export const modelsPlan: Step<
  { run: string },
  ModelsPlan,
  Uses<'campus' | 'catalog' | 'features' | 'report'>
> = {
  name: 'models-plan',
  async run(_input, lake) {
    const { waves } = await planModels(lake);
    return {
      waves: waves.map((wave, i) => ({
        wave: String(i + 1),
        models: wave.map((model) => ({ model })),
      })),
    };
  },
};
