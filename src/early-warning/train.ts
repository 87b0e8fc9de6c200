import type { Lake } from '../step.ts';
import { markdownCard } from './card/markdown.ts';
import { sagemakerCard } from './card/sagemaker.ts';
import { COLUMNS } from './measures.ts';
import { type StoredModel, writeModel } from './model-store.ts';
import type { Study } from './study.ts';

/** Puts the models of a study to use: stored with their card, they score the running terms from the next run on. */
export async function putToUse(
  lake: Lake,
  study: Study,
): Promise<{ model: StoredModel; card: string; sagemaker: string }> {
  const trainedAt = new Date(lake.platform.clock.now()).toISOString();
  const model: StoredModel = {
    version: 2,
    id: `early-warning-${trainedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`,
    trainedAt,
    campus: lake.campus.name,
    terms: study.terms.map(({ code }) => code),
    measures: COLUMNS,
    weeks: study.models,
  };
  const places = await writeModel(lake.platform.objects, model, {
    markdown: markdownCard(model, study),
    sagemaker: sagemakerCard(model, study),
  });
  return { model, ...places };
}
