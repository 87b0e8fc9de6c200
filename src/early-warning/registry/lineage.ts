import { createHash } from 'node:crypto';
import project from '../../../package.json' with { type: 'json' };
import type { Publication } from '../../pipeline/publication.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { Uses } from '../../ports/step.ts';
import { encodeDocument, parseDocument } from '../../state/document.ts';
import { LINEAGE } from '../documents.ts';
import type { Figures } from '../figures.ts';
import type { StoredModel } from '../model-store.ts';
import { ownModels } from '../own-models.ts';
import { NEEDED, READS } from '../scores.ts';
import type { Study } from '../study.ts';
import { FEATURES, OUTCOMES } from '../tables.ts';
import { COURSE_VARIANCE, LEAST_OF_EACH, RIDGE } from '../week-model.ts';

/** What a model was made of and how well it did: enough to make it again, and to compare it. */
export interface Lineage {
  readonly model: string;
  /** ISO 8601 UTC, as every instant here. */
  readonly trainedAt: string;
  /** The publication whose tables it learned from, when that was published, and how far its data were known. */
  readonly publication: string;
  readonly publishedAt: string;
  readonly asOf: string;
  /** By table that was read: a digest of its version. The same digests give the same training cases. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Name and version of the program. */
  readonly program: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** First and last day of the terms learned from, ISO dates; empty where it was brought from elsewhere. */
  readonly from: string;
  readonly to: string;
  /** The term on which models of earlier terms were evaluated at that time. */
  readonly evaluatedOn: string;
  readonly metrics: readonly LineageWeek[];
  /** The card's rules as they stood. */
  readonly withdrawal: readonly {
    readonly rule: string;
    readonly isBroken: boolean;
    readonly value?: number;
  }[];
}

/** One week of the evaluation. */
export interface LineageWeek
  extends Pick<Figures, 'cases' | 'base' | 'auc' | 'aucFrom' | 'aucTo' | 'prAuc' | 'brier'> {
  readonly week: number;
  readonly predicted: number;
  readonly slope?: number;
}

/** The lineage of a model that a study has just given. @param publication what the study read */
export async function lineageOf(
  lake: Uses<'campus'>,
  model: Pick<StoredModel, 'id' | 'trainedAt' | 'brought'>,
  study: Study,
  publication: Pick<Publication, 'id' | 'at' | 'asOf' | 'tables'>,
): Promise<Lineage> {
  const { split, terms } = study;
  const models = await ownModels(lake);
  const inputs = [...READS, ...NEEDED].flatMap((table) => {
    const version = publication.tables[table];
    return version ? [[table, version.content ?? digest(JSON.stringify(version.storage))]] : [];
  });
  return {
    model: model.id,
    trainedAt: model.trainedAt,
    publication: publication.id,
    publishedAt: publication.at,
    asOf: publication.asOf,
    inputs: Object.fromEntries(inputs),
    program: `${project.name} ${project.version}`,
    parameters: {
      ridge: RIDGE,
      courseVariance: COURSE_VARIANCE,
      leastOfEach: LEAST_OF_EACH,
      features: digest(models.get(FEATURES)!.text),
      outcomes: digest(models.get(OUTCOMES)!.text),
      ...(model.brought ? { brought: model.brought.name, file: model.brought.sha256 } : {}),
    },
    from: model.brought ? '' : (terms[0]?.firstDay ?? ''),
    to: model.brought ? '' : (terms.at(-1)?.lastDay ?? ''),
    evaluatedOn: split.kind === 'later term' ? split.test.code : split.term.code,
    metrics: study.weeks.map(({ week, scored }) => ({
      week,
      cases: scored.cases,
      base: scored.base,
      auc: scored.auc,
      aucFrom: scored.aucFrom,
      aucTo: scored.aucTo,
      prAuc: scored.prAuc,
      brier: scored.brier,
      predicted: scored.calibration.predicted,
      ...(scored.calibration.line ? { slope: scored.calibration.line.slope } : {}),
    })),
    withdrawal: study.withdrawal.map(({ rule, isBroken, value }) => ({
      rule,
      isBroken,
      ...(value === undefined ? {} : { value }),
    })),
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

const keyOf = (model: string) => `early-warning/${model}/lineage.json`;

/** Keeps it beside the model's card. */
export async function writeLineage(objects: ObjectStore, lineage: Lineage): Promise<void> {
  const stored = encodeDocument(LINEAGE, lineage);
  await objects.putText(keyOf(lineage.model), `${JSON.stringify(stored, null, 2)}\n`);
}

/** Undefined of a model that an older program trained. */
export async function readLineage(objects: ObjectStore, model: string): Promise<Lineage | undefined> {
  const text = await objects.getText(keyOf(model));
  return text === undefined ? undefined : parseDocument<Lineage>(LINEAGE, text, keyOf(model));
}
