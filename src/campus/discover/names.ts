/** Namespaces of Canvas whose tables keep their bare names; those of all others carry it in front. */
const BARE = new Set(['canvas', 'canvas_logs']);

/** A name of the source as a name of the lake: lower-case letters, digits and `_`, starting with a letter. */
export function lakeName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  if (plain === '') return 'unnamed';
  return /^[a-z]/.test(plain) ? plain : `c_${plain}`;
}

/** The dataset's name for a table: `users` for `canvas.users`, `registrar_persons` for `registrar.persons`. */
export function datasetName(namespace: string, table: string): string {
  return lakeName(BARE.has(namespace) ? table : `${namespace}_${table}`);
}

/** The name itself, or with the first number behind it that makes it unlike every one taken. Takes it. */
export function claim(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n += 1) free = `${name}_${n}`;
  taken.add(free);
  return free;
}
