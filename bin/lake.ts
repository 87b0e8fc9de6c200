#!/usr/bin/env -S npx tsx
// Begun by lake.mjs; by itself where npx has kept a link from a version that had no other.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { FEATURES } from '../src/features.ts';
import { exitWithTwoOnUsage } from './commands/common.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = exitWithTwoOnUsage(new Command('lake'))
  .description("campus-lake: a college's student data, from its two sources to an answer")
  .version(version)
  .option(
    '--home <home>',
    'local, or aws for a lake that is deployed there (default: "local", env: LAKE_HOME)',
  )
  .on('option:home', (home: string) => {
    // The commands that work in either home take it from here, and judge it.
    process.env.LAKE_HOME = home;
  })
  .showHelpAfterError('(lake --help shows the commands)')
  .showSuggestionAfterError()
  .addHelpText(
    'after',
    `
Start here:
  $ lake demo                 a simulated college, loaded end to end
  $ lake init                 a campus.yaml of your own
  $ lake doctor               what is still missing before a run
  $ lake run                  load what is new
  $ lake query "SELECT count(*) FROM campus.students"

Exit codes: 0 done, 1 something failed, 2 the input must be corrected.`,
  );

interface Entry {
  readonly description: string;
  readonly definition: () => Promise<(command: Command) => void>;
}

/** Each command is read in when it is asked for: what one needs to start must not slow down another, or the help. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  demo: {
    description: 'load a simulated college end to end and show which students need attention',
    definition: async () => (await import('./commands/demo.ts')).defineDemo,
  },
  init: {
    description: 'write a commented campus.yaml, and the folders beside it',
    definition: async () => (await import('./commands/init.ts')).defineInit,
  },
  discover: {
    description: 'read a live source and write what is new at it into the catalog',
    definition: async () => (await import('./commands/discover.ts')).defineDiscover,
  },
  review: {
    description: 'list the privacy classes that discovery proposed, and make them decisions',
    definition: async () => (await import('./commands/review.ts')).defineReview,
  },
  doctor: {
    description: 'check everything that can be checked before a run, and say what to do',
    definition: async () => (await import('./commands/doctor.ts')).defineDoctor,
  },
  run: {
    description:
      'load the lake: what is new in every source, then the models, the publication, the warehouse',
    definition: async () => (await import('./commands/run.ts')).defineRun,
  },
  accept: {
    description: 'confirm that a table which lost its rows may be published with those it has',
    definition: async () => (await import('./commands/accept.ts')).defineAccept,
  },
  reload: {
    description: 'have the next run make a table again, by a new snapshot or from its raw files',
    definition: async () => (await import('./commands/reload.ts')).defineReload,
  },
  status: {
    description: 'how the last run went, what is published, and how fresh every dataset is',
    definition: async () => (await import('./commands/status.ts')).defineStatus,
  },
  tables: {
    description: 'the tables that can be asked: rows, how far their data go, what they hold',
    definition: async () => (await import('./commands/tables.ts')).defineTables,
  },
  describe: {
    description: 'what a table holds: its columns, their types and privacy classes, its owner',
    definition: async () => (await import('./commands/describe.ts')).defineDescribe,
  },
  dictionary: {
    description: 'every table and column of the lake, what it means and says of a person, as Markdown',
    definition: async () => (await import('./commands/dictionary.ts')).defineDictionary,
  },
  query: {
    description: "ask the lake in Athena's SQL: one SELECT over what was last published",
    definition: async () => (await import('./commands/query.ts')).defineQuery,
  },
  export: {
    description: "write the lake's models and checks in the words of other programs",
    definition: async () => (await import('./commands/export.ts')).defineExport,
  },
  warehouse: {
    description: 'serve the warehouse, so that psql, JDBC and ODBC clients can connect, until Ctrl+C',
    definition: async () => (await import('./commands/warehouse.ts')).defineWarehouse,
  },
  repair: {
    description: 'find what a failing disk or a bad restore has damaged, and repair it',
    definition: async () => (await import('./commands/repair.ts')).defineRepair,
  },
  unlock: {
    description: 'free locks that a machine or a container that is gone has left on the lake',
    definition: async () => (await import('./commands/unlock.ts')).defineUnlock,
  },
  ...ofFeatures(),
  cost: {
    description: 'what the lake costs on AWS in a month, before it is deployed',
    definition: async () => (await import('./commands/cost.ts')).defineCost,
  },
  teardown: {
    description: 'take the lake on AWS down, and keep its data unless two switches agree',
    definition: async () => (await import('./commands/teardown.ts')).defineTeardown,
  },
  simulate: {
    description: "serve a college's Canvas and student information system on this machine",
    definition: async () => (await import('./commands/simulate.ts')).defineSimulate,
  },
};

/** Commands that features bring. */
function ofFeatures(): Record<string, Entry> {
  const commands = FEATURES.flatMap(({ command }) => (command ? [command] : []));
  return Object.fromEntries(
    commands.map(({ name, description, load }) => [
      name,
      {
        description,
        definition: async () => {
          const [define, { commandTools }] = await Promise.all([load(), import('./command-tools.ts')]);
          return (command: Command) => define(command, commandTools);
        },
      },
    ]),
  );
}

const asked = process.argv.slice(2).find((word) => Object.hasOwn(COMMANDS, word));
for (const [name, { description, definition }] of Object.entries(COMMANDS)) {
  const command = program.command(name).description(description);
  if (name === asked) (await definition())(command);
}

await program.parseAsync();
