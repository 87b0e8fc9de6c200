#!/usr/bin/env -S npx tsx
// Begun by lake.mjs; by itself where npx has kept a link from a version that had no other.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { FEATURES } from '../src/features.ts';
import { EXIT, errorReport, exitWithTwoOnUsage } from './commands/common.ts';
import { refuseEmptyValues } from './empty-values.ts';
import { readOldVariables, withNewFlags } from './renamed-flags.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = refuseEmptyValues(exitWithTwoOnUsage(new Command('lake')))
  .description("campus-lake: a college's student data, from its two sources to an answer")
  .version(version)
  .option(
    '--target <target>',
    'local, or aws for a lake deployed on AWS (default: "local", env: LAKE_TARGET)',
  )
  .on('option:target', (target: string) => {
    // Commands that work on both platforms read it from here and validate it.
    process.env.LAKE_TARGET = target;
  })
  .showHelpAfterError('(lake --help shows the commands)')
  .showSuggestionAfterError()
  .addHelpText(
    'after',
    `
Start here:
  $ lake demo                 load a simulated college end to end
  $ lake init                 write your own campus.yaml
  $ lake doctor               find what is missing before a run
  $ lake run                  load new data
  $ lake query "SELECT count(*) FROM campus.students"

Exit codes: 0 done, 1 something failed, 2 the input must be corrected.`,
  );

interface Entry {
  readonly description: string;
  readonly definition: () => Promise<(command: Command) => void>;
}

/** Commands are imported on demand, so that the dependencies of one slow down neither another nor the help. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  demo: {
    description: 'load a simulated college end to end and show which students need attention',
    definition: async () => (await import('./commands/demo.ts')).defineDemo,
  },
  init: {
    description: 'write a commented campus.yaml and an empty catalog',
    definition: async () => (await import('./commands/init.ts')).defineInit,
  },
  discover: {
    description: 'read a live source and add its new tables and columns to the catalog',
    definition: async () => (await import('./commands/discover.ts')).defineDiscover,
  },
  review: {
    description: 'list the privacy classes that discovery proposed, and accept them',
    definition: async () => (await import('./commands/review.ts')).defineReview,
  },
  privacy: {
    description: 'decide on sensitive columns, and prove that no value is where it must not be',
    definition: async () => (await import('./commands/privacy.ts')).definePrivacy,
  },
  doctor: {
    description: 'check configuration, access and sources before a run, and say how to fix what fails',
    definition: async () => (await import('./commands/doctor.ts')).defineDoctor,
  },
  run: {
    description: 'load new data from every source, check it, build the models, publish, load the warehouse',
    definition: async () => (await import('./commands/run.ts')).defineRun,
  },
  follow: {
    description: 'between two runs, take the changes of each SIS as they come and publish them',
    definition: async () => (await import('./commands/follow.ts')).defineFollow,
  },
  accept: {
    description: 'confirm that a table that lost rows may be published',
    definition: async () => (await import('./commands/accept.ts')).defineAccept,
  },
  quarantine: {
    description: 'list, show, release or drop rows that are kept aside because they break a check',
    definition: async () => (await import('./commands/quarantine.ts')).defineQuarantine,
  },
  reload: {
    description: 'make the next run rebuild a table from a new snapshot or from its raw files',
    definition: async () => (await import('./commands/reload.ts')).defineReload,
  },
  status: {
    description: 'show the last run, the published version and the freshness of every dataset',
    definition: async () => (await import('./commands/status.ts')).defineStatus,
  },
  tables: {
    description: 'list queryable tables with row counts and freshness',
    definition: async () => (await import('./commands/tables.ts')).defineTables,
  },
  describe: {
    description: 'show the columns, types, privacy classes and owner of a table',
    definition: async () => (await import('./commands/describe.ts')).defineDescribe,
  },
  dictionary: {
    description: 'print the data dictionary (every table and column, with privacy classes) as Markdown',
    definition: async () => (await import('./commands/dictionary.ts')).defineDictionary,
  },
  query: {
    description: 'run a SELECT (Athena SQL) against the latest published data',
    definition: async () => (await import('./commands/query.ts')).defineQuery,
  },
  serve: {
    description: 'serve the workbench, a web page that shows the lake and answers queries, on this machine',
    definition: async () => (await import('./commands/serve.ts')).defineServe,
  },
  access: {
    description: 'show what each role may see, and by which line of access.yaml',
    definition: async () => (await import('./commands/access.ts')).defineAccess,
  },
  subject: {
    description:
      'show what the lake holds of one person, erase them with a certificate, hold or readmit them',
    definition: async () => (await import('./commands/subject.ts')).defineSubject,
  },
  export: {
    description: 'export models and checks to dbt or AWS Glue Data Quality, and tables to Parquet',
    definition: async () => (await import('./commands/export.ts')).defineExport,
  },
  warehouse: {
    description: 'serve the warehouse to psql, JDBC and ODBC clients until Ctrl+C',
    definition: async () => (await import('./commands/warehouse.ts')).defineWarehouse,
  },
  repair: {
    description: 'find and repair damage from a failing disk or a bad restore',
    definition: async () => (await import('./commands/repair.ts')).defineRepair,
  },
  unlock: {
    description: 'release locks left by a machine or container that no longer exists',
    definition: async () => (await import('./commands/unlock.ts')).defineUnlock,
  },
  ...ofFeatures(),
  cost: {
    description: 'estimate the monthly cost on AWS before deployment',
    definition: async () => (await import('./commands/cost.ts')).defineCost,
  },
  limits: {
    description: 'compare the size of this campus with the limits of AWS, and name the one met first',
    definition: async () => (await import('./commands/limits.ts')).defineLimits,
  },
  plan: {
    description:
      'read the deployed stacks, record them, and say whether campus.yaml can be deployed over them',
    definition: async () => (await import('./commands/plan.ts')).definePlan,
  },
  prove: {
    description: 'ask the account what no test can show of the deployment: rights, engines, counts, backups',
    definition: async () => (await import('./commands/prove.ts')).defineProve,
  },
  'fail-over': {
    description: 'make the lake go on in its second Region, and back',
    definition: async () => (await import('./commands/fail-over.ts')).defineFailOver,
  },
  teardown: {
    description: 'destroy the AWS deployment (keeps data unless deletion is confirmed in two places)',
    definition: async () => (await import('./commands/teardown.ts')).defineTeardown,
  },
  simulate: {
    description: 'serve a simulated Canvas and student information system on this machine',
    definition: async () => (await import('./commands/simulate.ts')).defineSimulate,
  },
};

/** Commands that features bring. */
function ofFeatures(): Record<string, Entry> {
  return Object.fromEntries(
    FEATURES.flatMap(({ commands = [] }) => commands).map(({ name, description, load }) => [
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

const words = wordsGiven();
const asked = words.find((word) => Object.hasOwn(COMMANDS, word));
for (const [name, { description, definition }] of Object.entries(COMMANDS)) {
  const command = program.command(name).description(description);
  if (name === asked) (await definition())(command);
}

await program.parseAsync(words, { from: 'user' });

/** The command line with options by the names of today; earlier names are warned of. */
function wordsGiven(): readonly string[] {
  try {
    const { words, warnings } = withNewFlags(process.argv.slice(2));
    for (const line of [...readOldVariables(process.env), ...warnings]) process.stderr.write(`${line}\n`);
    return words;
  } catch (error) {
    process.stderr.write(`${errorReport(error, {})}\n`);
    process.exit(EXIT.input);
  }
}
