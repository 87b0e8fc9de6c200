import type { Command } from 'commander';
import { CURATED } from '../../../src/models/model.ts';
import { openPolicy } from '../../../src/pipeline/open-policy.ts';
import { redshiftAccess } from '../../../src/warehouse/redshift-access.ts';
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
    .description('the statements by which Redshift holds to access.yaml, for its administrator to run')
    .option('--refresh', 'those that copy rows which rules ask: to run after each load')
    .option('--remove', 'those that take all of it away: to run before a changed access.yaml is applied')
    .addHelpText(
      'after',
      `
Roles, column grants, row-level security and dynamic data masking. Nothing is run: docs/access.md says what to run
when, and who has which login. What a role does not see in Redshift though the file says so is named in a comment.

Examples:
  $ lake access redshift --target aws > make.sql
  $ lake access redshift --target aws --refresh > refresh.sql
  $ lake access redshift --target aws --remove > remove.sql      # before access.yaml is changed`,
    )
    .action((flags: RedshiftFlags) => runCommand(() => print(flags), flags));
}

async function print({ campus: file, target, json, refresh, remove }: RedshiftFlags): Promise<void> {
  const found = await withLakeAt(file, { target }, async (lake) => {
    const { policy, known } = await openPolicy(lake);
    const served = [...known.keys()].filter((table) => table.startsWith(`${CURATED}.`)).sort();
    return redshiftAccess(policy, known, served, lake.campus.warehouse.readOnlyUser);
  });
  if (json) return printJson(found);
  const statements = remove ? found.remove : refresh ? found.refresh : [...found.make, ...found.refresh];
  const comments =
    remove || refresh
      ? []
      : found.notOpened.map(
          ({ role, purpose, table }) =>
            `-- ${role} (${purpose}) does not see ${table}: its rule asks for what is not in Redshift`,
        );
  process.stdout.write(`${[...comments, ...statements.map((one) => `${one};`)].join('\n')}\n`);
}
