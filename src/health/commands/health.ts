import type { Command } from 'commander';
import { healthDocument } from '../../app/health/health-document.ts';
import { lakeHealth } from '../../app/health/table-health.ts';
import { didYouMean } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import { healthInWords } from './shown.ts';

export function defineHealth(command: Command, tools: CommandTools): void {
  tools
    .addOptions(command)
    .argument('[table...]', 'only these tables')
    .addHelpText(
      'after',
      `
Whether each dataset and model can be relied on now: its status, why and since when it is so, how far its rows are
known, when newer ones are expected, and whose it is. --json is application/health+json (draft-inadarei-api-health-check).

Exit code: 0 all is well, 1 something is stale or missing, 2 input to correct.

Examples:
  $ lake health
  $ lake health campus.students --json | jq -r .status
  $ lake query --require-healthy "SELECT count(*) FROM campus.students"`,
    )
    .action((wanted: string[], flags: CommandFlags) =>
      tools.run(async () => {
        const health = await tools.withLake(flags, async (lake) => {
          const found = await lakeHealth(lake, wanted.length > 0 ? wanted : undefined);
          const missing = wanted.find((name) => !found.tables.some(({ table }) => table === name));
          if (missing === undefined) return found;
          const { tables } = await lakeHealth(lake);
          const known = tables.map(({ table }) => table);
          throw new InputError(`There is no table "${missing}"${didYouMean(missing, known)}.`, {
            hint: '`lake health` lists them',
          });
        });
        if (flags.json) tools.printJson(healthDocument(health));
        else process.stdout.write(`${healthInWords(health)}\n`);
        return health.status === 'fail' ? 1 : 0;
      }, flags),
    );
}
