import { type Command, InvalidArgumentError, Option } from 'commander';
import { estimateCosts } from '../../src/app/cost/estimate-costs.ts';
import { measuredCosts } from '../../src/app/cost/measured-costs.ts';
import { FEATURES } from '../../src/features.ts';
import { measuredInWords } from '../cost/measured.ts';
import { inWords } from '../cost/print.ts';
import { whileWorking } from '../progress/while-working.ts';
import { withLakeAt } from '../with-lake.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  openCampus,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

const PROFILES = ['frugal', 'standard'] as const;

interface CostFlags extends CommonFlags, TargetFlags {
  readonly measured?: boolean;
  readonly students: number;
  readonly profile?: (typeof PROFILES)[number];
}

export function defineCost(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .option('--students <number>', 'size of the college', students, 10_000)
    .addOption(
      new Option('--profile <profile>', 'only this one (default: both, side by side)').choices(PROFILES),
    )
    .option('--measured', 'print beside it what the lake of --target has measured in the last 30 days')
    .addHelpText(
      'after',
      `
Synthesizes the stacks as \`npx cdk deploy\` would, and prices each resource from a dated table, lib/cost/prices.json.
Needs no account, no credentials and no network. What a template does not say (how much data a student makes, how
often somebody asks) is assumed, and printed below the table; with --json each line says how it was reckoned.

Free tiers and discounts are left out, so a bill should come out below rather than above.

--measured reads the record of jobs of a lake that runs: hours, DPU-hours and dollars of its statements, Spark runs, copies and
functions, in a table of their own. On AWS it needs credentials.

Examples:
  $ lake cost                                        this campus, 10,000 students, both profiles
  $ lake cost --students 25000 --profile standard
  $ lake --target aws cost --measured
  $ lake cost --json | jq '.estimates[] | {profile, total}'`,
    )
    .action((flags: CostFlags) => runCommand(() => cost(flags), flags));
}

async function cost(flags: CostFlags): Promise<void> {
  const loaded = await openCampus(flags);
  // The CDK takes a second to load: not for `lake --help`.
  const [{ priceLake }, { PRICE_DATE, PRICE_REGION }] = await Promise.all([
    import('../../lib/cost/price-lake.ts'),
    import('../../lib/cost/price-table.ts'),
  ]);
  const pricing = { price: priceLake, region: PRICE_REGION, pricesOf: PRICE_DATE };
  const profiles = flags.profile ? [flags.profile] : PROFILES;
  const shown = await whileWorking('Synthesize and price the stacks', { silent: flags.json }, (tell) =>
    estimateCosts({ ...loaded, features: FEATURES }, { students: flags.students, profiles, tell }, pricing),
  );
  const measured = flags.measured
    ? await withLakeAt(flags.campus, { target: flags.target }, (lake) => measuredCosts(lake))
    : undefined;
  if (flags.json) printJson(measured ? { ...shown, measured } : shown);
  else {
    const estimate = inWords(shown, loaded.campus.aws?.region);
    process.stdout.write(
      `${measured ? `Estimated: ${estimate}\n\n${measuredInWords(measured)}` : estimate}\n`,
    );
  }
}

function students(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('it must be a whole number above 0, such as 10000.');
}
