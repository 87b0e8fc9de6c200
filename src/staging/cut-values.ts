import type { StagedTableSpec } from '../ports/staging.ts';

/**
 * Why a load is refused that has values of `lobLimit` bytes or more: an engine that finds some throws this.
 * @param found how many such values each column has, by its name at the source; undefined where none has any
 */
export function cutValuesRefusal(
  { table, lobLimit = 0 }: Pick<StagedTableSpec, 'table' | 'lobLimit'>,
  found: readonly (readonly [column: string, values: number])[],
): { readonly message: string; readonly hint: string } | undefined {
  const columns = found.flatMap(([column, values]) =>
    values === 0 ? [] : [`${column} (${values} ${values === 1 ? 'value' : 'values'})`],
  );
  if (columns.length === 0) return undefined;
  return {
    message: `Values of ${table} have ${Math.floor(lobLimit / 1024)} KB or more and may have been cut on the way: ${columns.join(', ')}.`,
    hint: 'raise maxLobKb of the source in campus.yaml, or exclude the column in the catalog; until then the lake shows the last good load',
  };
}
