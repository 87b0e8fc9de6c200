import type { CommandTools } from '../src/ports/feature.ts';
import { addCommonOptions, printJson, runCommand } from './commands/common.ts';
import { whileWorking } from './progress/while-working.ts';
import { withLakeAt } from './with-lake.ts';

/** What the commands of features are given. */
export const commandTools: CommandTools = {
  addOptions: addCommonOptions,
  run: runCommand,
  printJson,
  withLake: ({ campus }, work) => withLakeAt(campus, {}, work),
  whileWorking: (title, { campus, json }, work) =>
    whileWorking(title, { silent: json }, (tell) =>
      withLakeAt(
        campus,
        { watch: (event) => event.type === 'progress' && tell(event.done.text ?? '') },
        work,
      ),
    ),
};
