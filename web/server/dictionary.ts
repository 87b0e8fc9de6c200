import { dictionaryEntries } from '../../src/app/dictionary/dictionary-entries.ts';
import { type DictionaryIndex, indexDictionary } from '../../src/app/dictionary/search-dictionary.ts';
import { readPulse } from '../../src/app/runs/run-pulse.ts';
import type { WorkbenchLake } from './workbench-lake.ts';

let last: { readonly key: string; readonly index: Promise<DictionaryIndex> } | undefined;

/** The dictionary of the session, indexed anew when something else is published or the policy has changed. */
export async function dictionaryOf(lake: WorkbenchLake): Promise<DictionaryIndex> {
  const { publication } = await readPulse(lake);
  const { role, attributes, purpose } = lake.session;
  const key = JSON.stringify([
    lake.campus.root,
    publication,
    lake.access?.version,
    role,
    attributes,
    purpose,
  ]);
  if (last?.key !== key) {
    const index = dictionaryEntries(lake).then(indexDictionary);
    last = { key, index };
    index.catch(() => {
      last = undefined;
    });
  }
  return last.index;
}
