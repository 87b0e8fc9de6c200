import { createHash } from 'node:crypto';
import { nearest } from '../../campus/nearest.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import { encodeDocument, parseDocument } from '../../state/document.ts';
import { BROUGHT_MODEL } from '../documents.ts';
import { BroughtModelError } from '../errors.ts';
import type { BroughtModel, BroughtWeek, Provenance } from './brought-model.ts';

const FOLDER = 'early-warning/brought/';
const keyOf = (name: string) => `${FOLDER}${name}.json`;

/** Keeps a model under its name, in the place of an earlier one. It is not in use by that. */
export async function keepBrought(
  objects: ObjectStore,
  given: Provenance & { readonly name: string; readonly weeks: readonly BroughtWeek[] },
  file: { readonly format: BroughtModel['format']; readonly text: string; readonly at: number },
): Promise<BroughtModel> {
  const model: BroughtModel = {
    name: given.name,
    licence: oneLine(given.licence),
    contact: oneLine(given.contact),
    source: oneLine(given.source),
    intendedUse: oneLine(given.intendedUse),
    trainedOn: oneLine(given.trainedOn),
    weeks: given.weeks,
    format: file.format,
    sha256: createHash('sha256').update(file.text).digest('hex'),
    broughtAt: new Date(file.at).toISOString(),
  };
  const stored = encodeDocument(BROUGHT_MODEL, model);
  await objects.putText(keyOf(model.name), `${JSON.stringify(stored, null, 2)}\n`);
  return model;
}

/** Text of the imported file is printed in the model card and in terminals: one line, no control characters. */
const oneLine = (text: string): string => text.replaceAll(/[\p{C}\s|]+/gu, ' ').trim();

/** By name. */
export async function listBrought(objects: ObjectStore): Promise<BroughtModel[]> {
  const keys = await objects.list(FOLDER);
  const texts = await Promise.all(keys.map((key) => objects.getText(key)));
  return texts.flatMap((text, at) =>
    text === undefined ? [] : [parseDocument<BroughtModel>(BROUGHT_MODEL, text, keys[at]!)],
  );
}

/** @throws BroughtModelError where no model of the name was brought */
export async function readBrought(objects: ObjectStore, name: string): Promise<BroughtModel> {
  const all = await listBrought(objects);
  const found = all.find((model) => model.name === name);
  if (found) return found;
  const names = all.map((model) => model.name);
  const near = nearest(name, names);
  throw new BroughtModelError(
    `No model was brought under this name${near === undefined ? '' : `; did you mean "${near}"?`}`,
    {
      hint:
        names.length > 0
          ? `there are: ${names.join(', ')}`
          : '`lake early-warning bring <file>` reads a model from a file',
    },
  );
}
