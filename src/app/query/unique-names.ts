/**
 * The names of a result's columns, each once: a later one of the same name gets `_1`, `_2`, as in the Parquet files
 * that the engine writes, so that no column overwrites another where rows are objects.
 */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  const seen = new Set<string>();
  return names.map((name) => {
    if (!seen.has(name.toLowerCase())) {
      seen.add(name.toLowerCase());
      return name;
    }
    for (let n = 1; ; n++) {
      const other = `${name}_${n}`;
      if (taken.has(other.toLowerCase())) continue;
      taken.add(other.toLowerCase());
      return other;
    }
  });
}
