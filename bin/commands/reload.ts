import type { Command } from 'commander';
import { reloadDatasets } from '../../src/app/repair/reload-datasets.ts';
import type { Reload } from '../../src/staging/reload.ts';
import { withLakeAt } from '../with-lake.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

interface ReloadFlags extends CommonFlags, TargetFlags {
  readonly fromRaw?: boolean;
}

export function defineReload(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .argument('<dataset...>', 'source.name, as `lake status` lists it; several at once')
    .option('--from-raw', 'stage the table again from its raw files, without asking the source')
    .addHelpText(
      'after',
      `
The next run replaces the table: by a new snapshot of its source, or with --from-raw by the loads since the last
snapshot, where the raw zone still has all of them. Until then the table stays as it is. A run does either by itself
when the catalog or the source's schema changes; use this when you know that a table is wrong and the lake does not,
such as after a correction at the source that was not sent as changes. Canvas is asked for one more job a table.

Exit codes: 0 asked for, 1 the raw zone does not suffice, or a policy of the college makes it wait, 2 no such dataset, or one that no run loads.

Examples:
  $ lake reload canvas.submissions && lake run
  $ lake reload canvas.users canvas.enrollments --from-raw
  $ lake --target aws reload canvas.submissions`,
    )
    .action((datasets: string[], flags: ReloadFlags) => runCommand(() => reload(datasets, flags), flags));
}

async function reload(datasets: readonly string[], flags: ReloadFlags): Promise<void> {
  const from = flags.fromRaw ? 'raw' : 'source';
  const reloads = await withLakeAt(flags.campus, { target: flags.target }, (lake) =>
    reloadDatasets(lake, datasets, { from }),
  );
  if (flags.json) return printJson(reloads);
  process.stdout.write(`${reloads.map(inWords).join('\n')}\nNext: \`lake run\`.\n`);
}

function inWords({ dataset, loads, note }: Reload): string {
  const what =
    loads === undefined
      ? 'the next run loads it whole'
      : `the next run stages it again from ${loads} load${loads === 1 ? '' : 's'} in the raw zone`;
  return `${dataset}: ${what}${note === undefined ? '' : ` (${note})`}`;
}
