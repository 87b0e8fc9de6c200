import type { Command } from 'commander';
import { acceptRows } from '../../src/quality/accept.ts';
import { withLakeAt } from '../with-lake.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

export function defineAccept(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .argument('<dataset>', 'source.name, as `lake status` lists it')
    .addHelpText(
      'after',
      `
A table that had rows and comes back empty is held back: what empties a table is mostly a broken export or a right
that was lost, and the last good version is still served. This confirms that the rows it has now are all it should
have. The next run publishes it. Every other check still holds.

Exit code 2 when no load of the dataset is held back.

Example:
  $ lake accept canvas.conferences && lake run`,
    )
    .action((dataset: string, flags: CommonFlags & TargetFlags) =>
      runCommand(() => accept(dataset, flags), flags),
    );
}

async function accept(dataset: string, flags: CommonFlags & TargetFlags): Promise<void> {
  const accepted = await withLakeAt(flags.campus, { target: flags.target }, (lake) =>
    acceptRows(lake, dataset),
  );
  if (flags.json) return printJson(accepted);
  const { rows, rowsBefore } = accepted;
  const count = (n: number) => n.toLocaleString('en-US');
  process.stdout.write(
    `${accepted.dataset}: ${count(rows)} rows are accepted where ${count(rowsBefore)} are published now.\nNext: \`lake run\` publishes them.\n`,
  );
}
