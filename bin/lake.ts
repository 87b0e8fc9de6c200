#!/usr/bin/env -S npx tsx
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
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

/** Each command is loaded when it is asked for: what one needs to start must not slow down another. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  demo: async () => (await import('./commands/demo.ts')).registerDemo,
  init: async () => (await import('./commands/init.ts')).registerInit,
  discover: async () => (await import('./commands/discover.ts')).registerDiscover,
  doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
  run: async () => (await import('./commands/run.ts')).registerRun,
  status: async () => (await import('./commands/status.ts')).registerStatus,
  tables: async () => (await import('./commands/tables.ts')).registerTables,
  describe: async () => (await import('./commands/describe.ts')).registerDescribe,
  dictionary: async () => (await import('./commands/dictionary.ts')).registerDictionary,
  query: async () => (await import('./commands/query.ts')).registerQuery,
  export: async () => (await import('./commands/export.ts')).registerExport,
  warehouse: async () => (await import('./commands/warehouse.ts')).registerWarehouse,
  'early-warning': async () => (await import('./commands/early-warning.ts')).registerEarlyWarning,
  cost: async () => (await import('./commands/cost.ts')).registerCost,
  teardown: async () => (await import('./commands/teardown.ts')).registerTeardown,
  simulate: async () => (await import('./commands/simulate.ts')).registerSimulate,
};

const asked = process.argv.slice(2).find((word) => Object.hasOwn(COMMANDS, word));
const named = asked !== undefined ? [asked] : Object.keys(COMMANDS);
for (const name of named) (await COMMANDS[name]!())(program);

await program.parseAsync();
