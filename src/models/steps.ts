import type { Json } from '../json.ts';
import type { TableSet } from '../platform/ports.ts';
import type { Step } from '../step.ts';
import { buildModel, planModels } from './build-model.ts';

export type ModelsPlan = { waves: { wave: string; models: { model: string }[] }[] };

/** Which models there are and in which waves they can be built. */
export const modelsPlan: Step<{ run: string }, ModelsPlan> = {
  name: 'models-plan',
  async run(_input, lake) {
    const waves = await planModels(lake);
    return {
      waves: waves.map((wave, i) => ({
        wave: String(i + 1),
        models: wave.map(({ name }) => ({ model: name })),
      })),
    };
  },
};

export type BuildModelInput = {
  run: string;
  model: string;
  /** The newest good version of the models that stand before it, by table. */
  built: { [table: string]: Json };
};

/** Makes one model's table. The version is published by whoever closes the run. */
export const buildModelStep: Step<BuildModelInput, { model: string; version: Json }> = {
  name: 'build-model',
  async run({ run, model, built }, lake) {
    const version = await buildModel(lake, { run, model, built: built as unknown as TableSet });
    lake.report.progress(model, { rows: version.rows });
    return { model, version: version as unknown as Json };
  },
};
