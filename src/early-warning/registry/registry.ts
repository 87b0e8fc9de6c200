import { InputError } from '../../errors.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import { encodeDocument, parseDocument } from '../../state/document.ts';
import { DamagedDocumentError } from '../../state/errors.ts';
import { ANY_MODEL, REGISTRY } from '../documents.ts';

/** What a person has decided about a model. */
export interface Decision {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** `put to use`: trained and put to use at once. `propose`: a challenger was trained, or named, and is not in use. */
  readonly action: 'put to use' | 'propose' | 'promote' | 'roll back' | 'withdraw';
  /** The model that it is about. */
  readonly model: string;
  /** The model that was in use until then. Absent: none was. */
  readonly before?: string;
  /** Who decided. */
  readonly by: string;
  readonly because: string;
  /** The comparison that was read, a key of the lake's objects. Absent: there was nothing to compare with. */
  readonly card?: string;
}

/**
 * Which model is in use (the champion), which is scored beside it without anybody seeing it (the challenger), and who
 * decided so. One document: a decision and its effect are one write, so that no kill can part them.
 */
export interface Registry {
  readonly champion?: string;
  readonly challenger?: string;
  /** Oldest first. */
  readonly decisions: readonly Decision[];
}

const KEY = 'early-warning/registry.json';
/** Where the model in use was kept before there was a registry. */
export const OLD_MODEL = 'early-warning/model.json';

/** As it stands; of a lake from before there was one, with the model that was in use. */
export async function readRegistry(objects: ObjectStore): Promise<Registry> {
  const text = await objects.getText(KEY);
  if (text !== undefined) return parseDocument<Registry>(REGISTRY, text, KEY);
  const old = await objects.getText(OLD_MODEL);
  if (old === undefined) return { decisions: [] };
  try {
    const { id } = parseDocument<{ id?: string }>(ANY_MODEL, old, OLD_MODEL);
    return { ...(typeof id === 'string' && id !== '' ? { champion: id } : {}), decisions: [] };
  } catch (error) {
    // Whoever scores by it is told what is wrong with it; a decision takes its place.
    if (error instanceof DamagedDocumentError) return { decisions: [] };
    throw error;
  }
}

/** Whether there is a registry; else the model in use lies in the place of older versions. */
export const hasRegistry = async (objects: ObjectStore): Promise<boolean> =>
  (await objects.head(KEY)) !== undefined;

async function writeRegistry(objects: ObjectStore, registry: Registry): Promise<void> {
  await objects.putText(KEY, `${JSON.stringify(encodeDocument(REGISTRY, registry), null, 2)}\n`);
  // From here on it says nothing: a program from before the registry then scores nobody, instead of by a model that is not in use.
  await objects.delete([OLD_MODEL]);
}

/** Who decides, why and when. */
export type Deciding = Pick<Decision, 'at' | 'by' | 'because' | 'card'>;

/** Puts a model to use. @returns false where it was in use already, and nothing was written */
export async function putInUse(
  objects: ObjectStore,
  model: string,
  action: 'put to use' | 'promote',
  deciding: Deciding,
): Promise<boolean> {
  const { champion, challenger, decisions } = await readRegistry(objects);
  if (champion === model) return false;
  const decision = { ...deciding, action, model, ...(champion === undefined ? {} : { before: champion }) };
  await writeRegistry(objects, {
    champion: model,
    ...(challenger === undefined || challenger === model ? {} : { challenger }),
    decisions: [...decisions, decision],
  });
  return true;
}

/** Has a model scored beside the one in use. @returns false where it was the challenger already */
export async function propose(objects: ObjectStore, model: string, deciding: Deciding): Promise<boolean> {
  const { challenger, decisions, ...registry } = await readRegistry(objects);
  if (challenger === model) return false;
  if (registry.champion === model)
    throw new InputError(`${model} is in use, and cannot be scored beside itself.`, {
      hint: '`lake models list` shows the others',
    });
  const decision = { ...deciding, action: 'propose' as const, model };
  await writeRegistry(objects, { ...registry, challenger: model, decisions: [...decisions, decision] });
  return true;
}

/**
 * The model that was in use before the one that is: the latest that a promotion took out of use. Whoever rolls back
 * twice gets to the one before that. A withdrawal ends the line: what was withdrawn comes back by its name only.
 */
export function modelBefore({ champion, decisions }: Registry): string | undefined {
  let line: string[] = [];
  for (const { action, model, before } of decisions) {
    if (action === 'withdraw') line = [];
    else if (action === 'roll back') line.pop();
    else if (action !== 'propose') {
      if (line.length === 0 && before !== undefined) line.push(before);
      line.push(model);
    }
  }
  return champion === undefined || line.at(-1) !== champion ? undefined : line.at(-2);
}

/**
 * Takes the model in use back for the one before.
 * @param isKept whether a model's files are there
 * @throws InputError where none was in use before, or its files are gone
 */
export async function rollBack(
  objects: ObjectStore,
  isKept: (model: string) => Promise<boolean>,
  deciding: Deciding,
): Promise<{ readonly model: string; readonly before: string }> {
  const registry = await readRegistry(objects);
  const { champion, decisions } = registry;
  const model = modelBefore(registry);
  const hint = '`lake models list` shows the kept models, `lake models promote <model>` puts one to use';
  if (champion === undefined)
    throw new InputError('No model is in use, so there is none to roll back from.', { hint });
  if (model === undefined)
    throw new InputError(`No model was in use before ${champion}.`, { about: champion, hint });
  if (!(await isKept(model)))
    throw new InputError(`${model}, which was in use before, is no longer kept.`, { about: model, hint });
  const decision = { ...deciding, action: 'roll back' as const, model, before: champion };
  const { challenger, ...rest } = registry;
  await writeRegistry(objects, {
    ...rest,
    ...(challenger === undefined || challenger === model ? {} : { challenger }),
    champion: model,
    decisions: [...decisions, decision],
  });
  return { model, before: champion };
}

/** Takes the model out of use; a challenger stays one. @returns whether one was in use */
export async function withdraw(objects: ObjectStore, deciding: Deciding): Promise<boolean> {
  const { champion, ...registry } = await readRegistry(objects);
  if (champion === undefined) {
    // A document that cannot be read any more may lie there: it goes too.
    await objects.delete([OLD_MODEL]);
    return false;
  }
  const decision = { ...deciding, action: 'withdraw' as const, model: champion, before: champion };
  await writeRegistry(objects, { ...registry, decisions: [...registry.decisions, decision] });
  return true;
}
