import { nearest } from '../campus/nearest.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { printable } from '../printable.ts';
import { encodeDocument, parseDocument } from '../state/document.ts';
import { DamagedDocumentError } from '../state/errors.ts';
import type { BroughtModel } from './brought/brought-model.ts';
import { ANY_MODEL, STORED_MODEL } from './documents.ts';
import { EarlyWarningError, UnknownModelError } from './errors.ts';
import { COLUMNS } from './measures.ts';
import {
  type Deciding,
  hasRegistry,
  OLD_MODEL,
  putInUse,
  readRegistry,
  withdraw,
} from './registry/registry.ts';
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
const placeOf = (model: string) => `${FOLDER}/${model}/model.json`;

/**
 * The model in use; undefined where none was trained, or it was withdrawn.
 * @throws EarlyWarningError for one that was trained on other measures than this program's, or whose files are gone
 */
export async function readModel(objects: ObjectStore): Promise<StoredModel | undefined> {
  // A lake that no model was put to use in since there is a registry.
  if (!(await hasRegistry(objects))) return readAt(objects, OLD_MODEL);
  const { champion } = await readRegistry(objects);
  if (champion === undefined) return undefined;
  const model = await readAt(objects, placeOf(champion));
  if (model) return model;
  throw new EarlyWarningError(`The early-warning model in use, ${champion}, is no longer kept.`, {
    hint: '`lake models roll-back` goes back to the one before, `lake models list` shows all that are kept',
    about: objects.uri(placeOf(champion)),
  });
}

/** A model that is kept, in use or not. @throws EarlyWarningError as `readModel`; UnknownModelError where there is none */
export async function readKeptModel(objects: ObjectStore, id: string): Promise<StoredModel> {
  const kept = await listKept(objects);
  const found = kept.includes(id) ? await readAt(objects, placeOf(id)) : undefined;
  if (found) return found;
  const near = nearest(id, kept);
  throw new UnknownModelError(
    `No model "${printable(id)}" is kept${near === undefined ? '' : `; did you mean "${near}"?`}`,
    {
      hint: kept.length > 0 ? `there are: ${kept.join(', ')}` : '`lake early-warning train` trains one',
    },
  );
}

/** The ids of the models whose files are there, oldest first. */
export async function listKept(objects: ObjectStore): Promise<string[]> {
  const keys = await objects.list(`${FOLDER}/`);
  return keys.flatMap((key) => /^early-warning\/([^/]+)\/model\.json$/.exec(key)?.[1] ?? []).sort();
}

async function readAt(objects: ObjectStore, place: string): Promise<StoredModel | undefined> {
  const text = await objects.getText(place);
  if (text === undefined) return undefined;
  const { version } = parseDocument<{ version: number }>(ANY_MODEL, text, place);
  const model = version === 2 ? intactModel(text, place) : undefined;
  if (!model || model.measures.join() !== COLUMNS.join()) {
    throw new EarlyWarningError(
      'The stored early-warning model was trained by another version of the program, on other measures.',
      {
        hint: '`lake early-warning train` trains a new one',
        about: objects.uri(place),
      },
    );
  }
  return model;
}

/** @throws EarlyWarningError for one that is damaged: a new one takes its place */
function intactModel(text: string, place: string): StoredModel {
  try {
    return parseDocument<StoredModel>(STORED_MODEL, text, place);
  } catch (cause) {
    if (!(cause instanceof DamagedDocumentError)) throw cause;
    throw new EarlyWarningError(cause.message, {
      hint: '`lake early-warning train` trains a new one',
      about: place,
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

/** Keeps a model and its card. It is not in use by that. @returns where the card lies */
export async function keepModel(
  objects: ObjectStore,
  model: StoredModel,
  card: { readonly markdown: string; readonly sagemaker: unknown },
): Promise<{ card: string; sagemaker: string }> {
  const at = `${FOLDER}/${model.id}`;
  await objects.putText(`${at}/model-card.md`, card.markdown);
  await objects.putText(`${at}/model-card.json`, `${JSON.stringify(card.sagemaker, null, 2)}\n`);
  // Last: a model is kept once it can be read about.
  await objects.putText(placeOf(model.id), JSON.stringify(encodeDocument(STORED_MODEL, model)));
  return { card: objects.uri(`${at}/model-card.md`), sagemaker: objects.uri(`${at}/model-card.json`) };
}

/** Keeps a model and its card, and makes it the one in use. @returns where the card lies */
export async function writeModel(
  objects: ObjectStore,
  model: StoredModel,
  card: { readonly markdown: string; readonly sagemaker: unknown },
  by = NOT_NAMED,
): Promise<{ card: string; sagemaker: string }> {
  const places = await keepModel(objects, model, card);
  await putInUse(objects, model.id, 'put to use', {
    at: model.trainedAt,
    by,
    because: model.brought ? `brought: ${model.brought.name}` : `trained on ${model.terms.join(', ')}`,
  });
  return places;
}

/** From the next run on nobody is scored. The cards of trained models stay. @returns whether there was one */
export const withdrawModel = (
  objects: ObjectStore,
  deciding: Deciding = { at: new Date().toISOString(), by: NOT_NAMED, because: '' },
): Promise<boolean> => withdraw(objects, deciding);

/** Who decided, where nobody said so. */
export const NOT_NAMED = 'not named';
