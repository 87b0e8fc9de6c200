import type { Uses } from '../ports/step.ts';
import { markdownCard } from './card/markdown.ts';
import { sagemakerCard } from './card/sagemaker.ts';
import { COLUMNS } from './measures.ts';
import { earlierModel, type StoredModel, writeModel } from './model-store.ts';
import type { Study } from './study.ts';

/** It is to be trained again each term; after a year it is too old. */
const VALID_DAYS = 365;
const DAY_MS = 86_400_000;

/** Puts the models of a study to use: stored with their card, they score the running terms from the next run on. */
export async function putToUse(
  lake: Uses<'campus' | 'clock' | 'objects'>,
  study: Study,
  options: { readonly contact?: string } = {},
): Promise<{ model: StoredModel; card: string; sagemaker: string }> {
  const before = await earlierModel(lake.platform.objects);
  const { brought } = study;
  const contact = options.contact ?? brought?.contact ?? before?.contact;
  const trainedAt = new Date(lake.platform.clock.now()).toISOString();
  const model: StoredModel = {
    version: 2,
    id: `early-warning-${trainedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`,
    trainedAt,
    campus: lake.campus.name,
    terms: brought ? [] : study.terms.map(({ code }) => code),
    ...(brought ? { brought } : {}),
    measures: COLUMNS,
    ...(contact === undefined ? {} : { contact }),
    expires: new Date(lake.platform.clock.now() + VALID_DAYS * DAY_MS).toISOString().slice(0, 10),
    evaluation: {
      term: study.split.kind === 'later term' ? study.split.test.code : study.split.term.code,
      weeks: study.weeks.map(({ week, scored }) => ({ week, auc: scored.auc })),
    },
    weeks: study.models,
  };
  const places = await writeModel(lake.platform.objects, model, {
    markdown: markdownCard(model, study, before),
    sagemaker: sagemakerCard(model, study),
  });
  return { model, ...places };
}
