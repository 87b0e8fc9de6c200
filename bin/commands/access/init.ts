import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ACCESS_FILE, hasPolicy } from '../../../src/access/load-policy.ts';
import { reviewAccess } from '../../../src/app/access/review-access.ts';
import { starterAccess } from '../../../src/app/access/starter-access.ts';
import { colours } from '../../../src/colours.ts';
import { InputError } from '../../../src/errors.ts';
import { knownTables } from '../../../src/pipeline/known-tables.ts';
import { openPolicy } from '../../../src/pipeline/open-policy.ts';
import { withLakeAt } from '../../with-lake.ts';
import { addCommonOptions, type CommonFlags, printJson, runCommand } from '../common.ts';

/** `lake access init`. */
export function defineInit(command: Command): void {
  addCommonOptions(command.command('init'))
    .description('write an access.yaml for this campus, of its catalog and models')
    .addHelpText(
      'after',
      `
Roles come from what the tables have: advisers where a table says who advises whom, instructors where one says who
teaches what, the aid office where there are data of aid applications, students by their own number, research without
names, registrar, steward, operator, dashboards. An access.yaml that is there is never overwritten. After the first run
more is known of the models; write it then.

Example:
  $ lake access init && lake access check && lake access matrix`,
    )
    .action((flags: CommonFlags) => runCommand(() => init(flags), flags));
}

async function init({ campus: file, json }: CommonFlags): Promise<void> {
  const done = await withLakeAt(file, {}, async (lake) => {
    const { root, privacy } = lake.campus;
    const path = join(root, ACCESS_FILE);
    if (await hasPolicy(root))
      throw new InputError(`${ACCESS_FILE} is there already; nothing was written.`, {
        about: path,
        hint: 'edit it; `lake access check` reads it, and says what it may not mean',
      });
    const text = starterAccess({ known: await knownTables(lake), hasKey: privacy.key !== undefined });
    await writeFile(path, text, { flag: 'wx' });
    const { roles, warnings } = reviewAccess(await openPolicy(lake));
    return { written: path, roles, warnings: warnings.length };
  });
  if (json) return printJson(done);
  const { cyan } = colours();
  process.stdout.write(
    `Wrote ${done.written}: ${done.roles} roles. ${done.warnings} warnings.\n${cyan('next:')} read it, then lake access check\n`,
  );
}
