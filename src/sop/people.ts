import type { Json } from '../json.ts';
import type { FeaturePeople } from '../ports/feature.ts';
import { encodeDocument, parseDocument } from '../state/document.ts';
import { RUN_STATE, type RunState } from './execution/state.ts';
import { RUNS } from './execution/store.ts';

type People = Awaited<ReturnType<FeaturePeople['load']>>;

/** In place of what was a number of somebody. */
export const ERASED = 'erased';

/** Executions of procedures that are about a person: given its number, or with rows of it in what a step gave. */
export const peopleOfRuns: People = {
  async find(objects, isSought) {
    const found: Json[] = [];
    for (const key of await objects.list(RUNS)) {
      const text = await objects.getText(key);
      if (text !== undefined && isAbout(JSON.parse(text) as Json, isSought))
        found.push(JSON.parse(text) as Json);
    }
    return found;
  },
  async forget(objects, isSought) {
    let changed = 0;
    for (const key of await objects.list(RUNS)) {
      const text = await objects.getText(key);
      if (text === undefined || !isAbout(JSON.parse(text) as Json, isSought)) continue;
      const state = withoutPerson(parseDocument<RunState>(RUN_STATE, text, key), isSought);
      await objects.putText(key, JSON.stringify(encodeDocument(RUN_STATE, state)));
      changed++;
    }
    return changed;
  },
};

/** What was done stands: it is used again as it is, since what it was given cannot be compared any more. */
function withoutPerson(state: RunState, isSought: (number: string) => boolean): RunState {
  const outcomes = Object.entries(state.outcomes).map(([path, { value, ...outcome }]) => [
    path,
    // Rows of a person are the person's, whatever else is in them.
    {
      ...outcome,
      settled: true,
      ...(value === undefined
        ? {}
        : { value: isAbout(value, isSought) ? withoutRows(value, isSought) : value }),
    },
  ]);
  const superseded = state.superseded.map(({ value: _value, ...outcome }) => outcome);
  const rest = withoutNumbers({ ...state, outcomes: {}, superseded: [] } as unknown as Json, isSought);
  return { ...(rest as unknown as RunState), outcomes: Object.fromEntries(outcomes), superseded };
}

/** Objects in lists that name the person go; elsewhere the number does. */
function withoutRows(value: Json, isSought: (number: string) => boolean): Json {
  if (Array.isArray(value))
    return value
      .filter((item) => item === null || typeof item !== 'object' || !isAbout(item, isSought))
      .map((item) => withoutRows(item, isSought));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutRows(one, isSought)]));
  return withoutNumbers(value, isSought);
}

const WORDS = /[\p{L}\p{N}]+(?:[-:.][\p{L}\p{N}]+)*/gu;

function isAbout(value: Json, isSought: (number: string) => boolean): boolean {
  if (typeof value === 'string')
    return isSought(value) || [...value.matchAll(WORDS)].some(([word]) => isSought(word));
  if (typeof value === 'number') return isSought(String(value));
  if (value === null || typeof value !== 'object') return false;
  return Object.values(value).some((one) => isAbout(one as Json, isSought));
}

function withoutNumbers(value: Json, isSought: (number: string) => boolean): Json {
  if (typeof value === 'string')
    return isSought(value) ? ERASED : value.replaceAll(WORDS, (word) => (isSought(word) ? ERASED : word));
  if (Array.isArray(value)) return value.map((one) => withoutNumbers(one, isSought));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutNumbers(one, isSought)]));
}
