import type { Publication } from '../pipeline/publication.ts';
import type { Uses } from '../ports/step.ts';
import { markdownCard } from './card/markdown.ts';
import { sagemakerCard } from './card/sagemaker.ts';
import { COLUMNS } from './measures.ts';
import { earlierModel, keepModel, NOT_NAMED, type StoredModel } from './model-store.ts';
import { keepDecisions } from './registry/decision-rows.ts';
import { lineageOf, writeLineage } from './registry/lineage.ts';
import { propose, putInUse } from './registry/registry.ts';
import type { Study } from './study.ts';

/** It is to be trained again each term; after a year it is too old. */
const VALID_DAYS = 365;
const DAY_MS = 86_400_000;

/** Whose decision it is. */
export interface TrainingOptions {
  /** Who answers for the model. Default: whoever answered for the one before. */
  readonly contact?: string;
  /** Who has it trained. Default: the contact. */
  readonly by?: string;
  /** What the study read. */
  readonly publication: Publication;
}

type Needs = Uses<'campus' | 'clock' | 'objects' | 'ledger'>;
type Trained = { model: StoredModel; card: string; sagemaker: string };

/** Puts the models of a study to use: stored with their card, they score the running terms from the next run on. */
export async function putToUse(lake: Needs, study: Study, options: TrainingOptions): Promise<Trained> {
  const trained = await keepTrained(lake, study, options);
  const { model } = trained;
  await putInUse(lake.platform.objects, model.id, 'put to use', {
    at: model.trainedAt,
    by: options.by ?? model.contact ?? NOT_NAMED,
    because: model.brought
      ? `brought from elsewhere: ${model.brought.name}`
      : `trained on ${model.terms.join(', ')}`,
  });
  await keepDecisions(lake);
  return trained;
}

/** Keeps the models of a study, with card and lineage, as a challenger: nobody is scored by it. */
export async function proposeTrained(lake: Needs, study: Study, options: TrainingOptions): Promise<Trained> {
  const trained = await keepTrained(lake, study, options);
  const { model } = trained;
  await propose(lake.platform.objects, model.id, {
    at: model.trainedAt,
    by: options.by ?? model.contact ?? NOT_NAMED,
    because: `trained on ${model.terms.join(', ')}`,
  });
  await keepDecisions(lake);
  return trained;
}

async function keepTrained(lake: Needs, study: Study, options: TrainingOptions): Promise<Trained> {
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
  await writeLineage(lake.platform.objects, await lineageOf(lake, model, study, options.publication));
  const places = await keepModel(lake.platform.objects, model, {
    markdown: markdownCard(model, study, before),
    sagemaker: sagemakerCard(model, study),
  });
  return { model, ...places };
}
