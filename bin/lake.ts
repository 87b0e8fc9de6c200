#!/usr/bin/env -S npx tsx
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { exitWithTwoOnUsage } from './commands/common.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDescribe } from './commands/describe.ts';
import { registerDiscover } from './commands/discover.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerInit } from './commands/init.ts';
import { registerQuery } from './commands/query.ts';
import { registerRun } from './commands/run.ts';
import { registerSimulate } from './commands/simulate.ts';
import { registerStatus } from './commands/status.ts';
import { registerTables } from './commands/tables.ts';
import { registerWarehouse } from './commands/warehouse.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = exitWithTwoOnUsage(new Command('lake'))
  .description("campus-lake: a college's student data, from its two sources to an answer")
  .version(version)
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

for (const register of [
  registerDemo,
  registerInit,
  registerDiscover,
  registerDoctor,
  registerRun,
  registerStatus,
  registerTables,
  registerDescribe,
  registerQuery,
  registerWarehouse,
  registerSimulate,
]) {
  register(program);
}

await program.parseAsync();
