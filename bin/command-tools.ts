import { openEvents } from '../src/pipeline/event-bus.ts';
import { runLake } from '../src/pipeline/run.ts';
import type { EventSubscriber } from '../src/ports/events.ts';
import type { CommandTools } from '../src/ports/feature.ts';
import {
  addCommonOptions,
  addRoleOptions,
  addTargetOption,
  asRole,
  printJson,
  runCommand,
} from './commands/common.ts';
import { type Tell, whileWorking } from './progress/while-working.ts';
import { withLakeAt } from './with-lake.ts';

/** Says on how far the work is; remarks have no place on a line that is rewritten. */
const progressTold = (tell: Tell): EventSubscriber => ({
  name: 'progress of a command',
  on: (event) => {
    if (event.type === 'progress') tell(event.done.text ?? '');
  },
});

/** What the commands of features are given. */
export const commandTools: CommandTools = {
  addOptions: addCommonOptions,
  addTargetOption,
  addRoleOptions,
  asRole,
  run: runCommand,
  printJson,
  runLake: ({ campus }) =>
    withLakeAt(campus, {}, async (lake) => {
      const { record, failures } = await runLake({ lake, events: openEvents() });
      return { run: record.run, status: record.status, failures: failures.length };
    }),
  withLake: ({ campus, target }, work) => withLakeAt(campus, { target }, work),
  whileWorking: (title, { campus, json, target }, work) =>
    whileWorking(title, { silent: json }, (tell) =>
      withLakeAt(campus, { target, events: openEvents(progressTold(tell)) }, work),
    ),
};
