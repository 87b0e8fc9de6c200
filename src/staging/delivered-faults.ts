import type { DeliveredFaults, LoadManifest } from '../loads/load.ts';
import type { StagedTableSpec, StageResult } from '../ports/staging.ts';

/** What was found of a load's values, by the columns of the staged table: of those that are excluded, nothing. */
export function faultsOf(
  { columns }: Pick<StagedTableSpec, 'columns'>,
  { files, setAside: atSource = {} }: Pick<LoadManifest, 'files' | 'setAside'>,
  { setAside = {} }: Pick<StageResult, 'setAside'>,
): DeliveredFaults {
  const names = new Map(columns.map(({ source, name }) => [source, name]));
  const named = (counts: Counts) =>
    Object.entries(counts).flatMap(([source, count]) => {
      const name = names.get(source);
      return name === undefined ? [] : [{ [name]: count }];
    });
  const replaced = files.flatMap((file) => named(file.repaired ?? {}));
  return {
    setAside: [setAside, ...named(atSource)].reduce(added, {}),
    replaced: replaced.reduce(added, {}),
  };
}

/** Those of several loads that are staged together. */
export const allFaults = (loads: readonly DeliveredFaults[]): DeliveredFaults => ({
  setAside: loads.map(({ setAside }) => setAside).reduce(added, {}),
  replaced: loads.map(({ replaced }) => replaced).reduce(added, {}),
});

type Counts = DeliveredFaults['setAside'];

function added(sum: Counts, counts: Counts): Counts {
  const all = { ...sum };
  for (const [column, count] of Object.entries(counts)) all[column] = (all[column] ?? 0) + count;
  return all;
}

/** Whether anything was found. */
export const hasFaults = ({ setAside, replaced }: DeliveredFaults): boolean =>
  Object.keys(setAside).length + Object.keys(replaced).length > 0;
