import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import type { LoadedCampus } from '../../src/campus/load.ts';
import { InputError } from '../../src/errors.ts';
import type { StandingStack } from '../aws/teardown/standing-stack.ts';
import { loadCampus } from '../load-campus.ts';
import { stopSignal } from '../stop-signal.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  EXIT,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

interface TeardownFlags extends CommonFlags, TargetFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly deleteData?: string;
  readonly only?: keyof typeof PARTS;
  readonly whatLeft?: boolean;
}

/** Parts that can be destroyed alone, each with the stacks that go with it: those in a network go with the network. */
const PARTS = {
  network: ['network', 'sis', 'warehouse'],
  sis: ['sis'],
  warehouse: ['warehouse'],
};

export function defineTeardown(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .option('--dry-run', 'show what would be destroyed and what is kept')
    .option('--yes', 'do not ask')
    .option('--delete-data <name>', "delete the data too; repeats the lake's name")
    .addOption(
      new Option('--only <part>', 'take down this part; the next deployment makes it again')
        .choices(Object.keys(PARTS))
        .conflicts(['whatLeft', 'deleteData']),
    )
    .addOption(
      new Option('--what-left', 'take down the stacks that campus.yaml no longer asks for').conflicts(
        'deleteData',
      ),
    )
    .addHelpText(
      'after',
      `
Says first what will be destroyed, what survives and why; then asks. Stacks go in order, dependents first. Whatever
was stopped or would not go is gone on with by the next teardown.

Data goes only where two switches agree: the lake was deployed with aws.deleteData: true and -c delete-data=<name>,
and --delete-data repeats its name here. Exit code: 0 done, 1 something would not go, 2 the input must be corrected.

--only network, sis or warehouse destroys that part alone, where a change requires it (\`lake plan\` says so); data stays.
Deploy again with \`npx cdk deploy --all --force\`: the ids that the other stacks hold have changed.

Examples:
  $ lake teardown --target aws --dry-run
  $ lake teardown --target aws --what-left --dry-run
  $ lake teardown --target aws --only network
  $ lake teardown --target aws --yes
  $ lake teardown --target aws --delete-data campus-lake`,
    )
    .action((flags: TeardownFlags) => runCommand(() => teardown(flags), flags));
}

async function teardown(flags: TeardownFlags): Promise<number> {
  const loaded = await loadCampus(flags.campus);
  const { campus } = loaded;
  if (flags.target !== 'aws')
    throw new InputError('A lake on this machine is its folder, and nothing else is to be taken down.', {
      about: campus.lake,
      hint: `Delete the folder ${campus.lake}; or add --target aws.`,
    });
  const signal = stopSignal();
  // The libraries of AWS: not for `lake --help`.
  const [{ openTeardown }, { recordAgain }, { planInWords, outcomeInWords, watchTeardown }] =
    await Promise.all([
      import('../aws/teardown/open.ts'),
      import('../aws/plan/look.ts'),
      import('../aws/teardown/print.ts'),
    ]);
  const only = await choiceOf(flags, loaded);
  const { plan, execute, close } = await openTeardown(campus, { deleteData: flags.deleteData, only, signal });
  try {
    const stacks = plan.waves.flat().map(({ name }) => name);
    const { lake, stays, survivors, buckets } = plan;
    const shown = { lake, destroys: stacks, empties: buckets, stays, survivors };
    if (!flags.json) process.stdout.write(`${planInWords(plan)}\n`);
    if (flags.dryRun || stacks.length === 0) {
      if (flags.json) printJson(shown);
      return EXIT.done;
    }
    if (!(await agreed(flags, lake, signal))) {
      process.stderr.write('Nothing was touched.\n');
      return EXIT.failed;
    }
    const outcome = await execute(
      flags.json ? () => {} : watchTeardown((line) => process.stderr.write(line)),
    );
    const { standing, ...became } = outcome;
    recordAgain({ campus: flags.campus, environment: campus.environment }, lake, standing);
    if (flags.json) printJson({ ...shown, ...became });
    else process.stdout.write(`${outcomeInWords(outcome, plan)}\n`);
    return outcome.failed.length > 0 || outcome.left.length > 0 ? EXIT.failed : EXIT.done;
  } finally {
    close();
  }
}

/** The stacks that are asked for by `--only` and `--what-left`. */
async function choiceOf(
  { only, whatLeft }: TeardownFlags,
  loaded: LoadedCampus,
): Promise<((standing: readonly StandingStack[]) => readonly string[]) | undefined> {
  if (only) {
    const { nameOfLake } = await import('../../src/platform/aws/deployed.ts');
    return () => PARTS[only].map((part) => `${nameOfLake(loaded.campus)}-${part}`);
  }
  if (!whatLeft) return undefined;
  const [{ leftOf }, { settingsOf }] = await Promise.all([
    import('../aws/plan/left.ts'),
    import('../../lib/settings.ts'),
  ]);
  const settings = settingsOf(loaded);
  return (standing) => leftOf(standing, settings).map(({ stack }) => stack);
}

/** @throws InputError where there is nobody to ask */
async function agreed(flags: TeardownFlags, lake: string, signal: AbortSignal): Promise<boolean> {
  if (flags.yes) return true;
  if (flags.json || !process.stdin.isTTY)
    throw new InputError('There is nobody here to ask whether the lake should be taken down.', {
      about: lake,
      hint: 'Add --yes; or --dry-run to see what would be done.',
    });
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await ask.question(`\nType the lake's name to take it down (${lake}): `, { signal })) === lake;
  } finally {
    ask.close();
  }
}
