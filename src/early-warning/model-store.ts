import type { ObjectStore } from '../ports/objects.ts';
import { encodeDocument, parseDocument } from '../state/document.ts';
import { DamagedDocumentError } from '../state/errors.ts';
import type { BroughtModel } from './brought/brought-model.ts';
import { ANY_MODEL, STORED_MODEL } from './documents.ts';
import { EarlyWarningError } from './errors.ts';
import { COLUMNS } from './measures.ts';
import type { WeekModel } from './week-model.ts';

/** What the lake scores with, until it is trained again or withdrawn. */
export interface StoredModel {
  /** Changed whenever an older program could not read it. */
  readonly version: 2;
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly trainedAt: string;
  readonly campus: string;
  /** Codes of the terms learned from; none where it was brought from elsewhere. */
  readonly terms: readonly string[];
  /** The model from elsewhere whose coefficients these are. Absent: it was learned here. */
  readonly brought?: BroughtModel;
  readonly measures: readonly string[];
  /** Who answers for it. Absent: nobody was named. */
  readonly contact?: string;
  /** ISO date from which it is too old to be used. */
  readonly expires: string;
  /** How models of earlier terms did when this one was trained. */
  readonly evaluation: {
    readonly term: string;
    readonly weeks: readonly { readonly week: number; readonly auc: number }[];
  };
  /** Ascending. Weeks with too few outcomes to learn from are left out. */
  readonly weeks: readonly WeekModel[];
}

const FOLDER = 'early-warning';
const MODEL = `${FOLDER}/model.json`;

/**
 * The model in use; undefined where none was trained, or it was withdrawn.
 * @throws EarlyWarningError for one that was trained on other measures than this program's
 */
export async function readModel(objects: ObjectStore): Promise<StoredModel | undefined> {
  const text = await objects.getText(MODEL);
  if (text === undefined) return undefined;
  const { version } = parseDocument<{ version: number }>(ANY_MODEL, text, MODEL);
  const model = version === 2 ? intactModel(text) : undefined;
  if (!model || model.measures.join() !== COLUMNS.join()) {
    throw new EarlyWarningError(
      'The stored early-warning model was trained by another version of the program, on other measures.',
      {
        hint: '`lake early-warning train` trains a new one',
        about: objects.uri(MODEL),
      },
    );
  }
  return model;
}

/** @throws EarlyWarningError for one that is damaged: a new one takes its place */
function intactModel(text: string): StoredModel {
  try {
    return parseDocument<StoredModel>(STORED_MODEL, text, MODEL);
  } catch (cause) {
    if (!(cause instanceof DamagedDocumentError)) throw cause;
    throw new EarlyWarningError(cause.message, {
      hint: '`lake early-warning train` trains a new one',
      about: MODEL,
      cause,
    });
  }
}

/** The model in use, to compare with; undefined also where it is of another version of the program. */
export async function earlierModel(objects: ObjectStore): Promise<StoredModel | undefined> {
  try {
    return await readModel(objects);
  } catch (error) {
    if (error instanceof EarlyWarningError) return undefined;
    throw error;
  }
}

/** That a model is too old, in words; undefined while it is not. @param now epoch ms */
export const expiredInWords = ({ id, expires }: StoredModel, now: number): string | undefined =>
  now < Date.parse(expires)
    ? undefined
    : `${id} was valid until ${expires}: \`lake early-warning train\` makes a new one, \`use\` evaluates a brought one again`;

/** Keeps a model and its card, and makes it the one in use. @returns where the card lies */
export async function writeModel(
  objects: ObjectStore,
  model: StoredModel,
  card: { readonly markdown: string; readonly sagemaker: unknown },
): Promise<{ card: string; sagemaker: string }> {
  const at = `${FOLDER}/${model.id}`;
  const stored = JSON.stringify(encodeDocument(STORED_MODEL, model));
  await objects.putText(`${at}/model.json`, stored);
  await objects.putText(`${at}/model-card.md`, card.markdown);
  await objects.putText(`${at}/model-card.json`, `${JSON.stringify(card.sagemaker, null, 2)}\n`);
  await objects.putText(MODEL, stored);
  return { card: objects.uri(`${at}/model-card.md`), sagemaker: objects.uri(`${at}/model-card.json`) };
}

/** From the next run on nobody is scored. The cards of trained models stay. @returns whether there was one */
export async function withdrawModel(objects: ObjectStore): Promise<boolean> {
  const was = (await objects.head(MODEL)) !== undefined;
  await objects.delete([MODEL]);
  return was;
}
