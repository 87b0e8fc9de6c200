import type { ObjectStore } from '../../../ports/objects.ts';

/** The objects below a folder, as a store of their own. */
export function objectsBelow(objects: ObjectStore, folder: string): ObjectStore {
  const there = (key: string) => folder + key;
  const here = <T extends { readonly key: string }>(stored: T): T => ({
    ...stored,
    key: stored.key.slice(folder.length),
  });
  return {
    put: async (key, body, options) => here(await objects.put(there(key), body, options)),
    putText: async (key, text) => here(await objects.putText(there(key), text)),
    getText: (key) => objects.getText(there(key)),
    get: (key) => objects.get(there(key)),
    head: (key) => objects.head(there(key)),
    list: async (prefix, after) => {
      const keys = await objects.list(there(prefix), after === undefined ? undefined : there(after));
      return keys.map((key) => key.slice(folder.length));
    },
    delete: (keys) => objects.delete(keys.map(there)),
    uri: (key) => objects.uri(there(key)),
  };
}
