import type { Command } from 'commander';
import { CURATED } from '../../../src/models/model.ts';
import { openPolicy } from '../../../src/pipeline/open-policy.ts';
import { makeAll, redshiftAccess, typedTables, undoAll } from '../../../src/warehouse/redshift-access.ts';
import { withLakeAt } from '../../with-lake.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  printJson,
  runCommand,
  type TargetFlags,
} from '../common.ts';

interface RedshiftFlags extends CommonFlags, TargetFlags {
  readonly refresh?: true;
  readonly remove?: true;
}

/** `lake access redshift`. */
export function defineRedshift(command: Command): void {
  addTargetOption(addCommonOptions(command.command('redshift')))
    .description('the statements by which Redshift holds to access.yaml')
    .option('--refresh', 'those that copy rows which rules ask')
    .option('--remove', 'those that take all of it away')
    .addHelpText(
      'after',
      `
Roles, column grants, row-level security and dynamic data masking. Each load of the warehouse runs what has changed of
them; this command runs nothing and is for reading them. What a role does not see in Redshift though the file says so is
named in a comment. docs/access.md says how a person gets a login.

Examples:
  $ lake access redshift --target aws
  $ lake access redshift --target aws --json | jq '.notOpened'
  $ lake access redshift --target aws --remove     # by hand: when Redshift is to hold to no policy any more`,
    )
    .action((flags: RedshiftFlags) => runCommand(() => print(flags), flags));
}

async function print({ campus: file, target, json, refresh, remove }: RedshiftFlags): Promise<void> {
  const found = await withLakeAt(file, { target }, async (lake) => {
    const { policy, known } = await openPolicy(lake);
    const served = [...known.keys()].filter((table) => table.startsWith(`${CURATED}.`)).sort();
    const { readOnlyUser } = lake.campus.warehouse;
    return redshiftAccess(policy, known, typedTables(known, served), readOnlyUser);
  });
  if (json) return printJson(found);
  const statements = remove ? undoAll(found) : refresh ? found.refresh : makeAll(found);
  const comments =
    remove || refresh
      ? []
      : found.notOpened.map(
          ({ role, purpose, table }) =>
            `-- ${role} (${purpose}) does not see ${table}: its rule asks for what is not in Redshift`,
        );
  process.stdout.write(`${[...comments, ...statements.map((one) => `${one};`)].join('\n')}\n`);
}
