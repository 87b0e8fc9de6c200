import { type Command, InvalidArgumentError } from 'commander';
import type { LimitUse } from '../../lib/limits/limits.ts';
import { FEATURES } from '../../src/features.ts';
import { modelsInWaves } from '../../src/models/build-model.ts';
import { planFor } from '../../src/pipeline/plan.ts';
import { screenTable, widthOf } from '../../src/screen-table.ts';
import { addCommonOptions, type CommonFlags, EXIT, openCampus, printJson, runCommand } from './common.ts';

interface LimitsFlags extends CommonFlags {
  readonly tables?: number;
  readonly gb: number;
  readonly largestGb?: number;
}

export function defineLimits(command: Command): void {
  addCommonOptions(command)
    .option('--tables <number>', 'of the largest SIS (default: those of the catalog)', above0)
    .option('--gb <number>', 'size of the SIS at its source, in GB', above0, 10)
    .option('--largest-gb <number>', 'size of its largest table (default: a quarter)', above0)
    .addHelpText(
      'after',
      `
Compares what this campus needs on AWS with the limits of every service that its size comes near to, and names the one
that it meets first. Needs no account and no network. A limit that only makes a run longer is marked.

Exit codes: 0 everything fits, 1 a limit would stop a run.

Examples:
  $ lake limits
  $ lake limits --tables 2500 --gb 100
  $ lake limits --gb 400 --largest-gb 300 --json | jq '.limits[0]'`,
    )
    .action((flags: LimitsFlags) => runCommand(() => limits(flags), flags));
}

async function limits(flags: LimitsFlags): Promise<number> {
  const { campus, catalog } = await openCampus(flags);
  const [{ limitsOf }, { sizeOf }, { settingsOf }] = await Promise.all([
    import('../../lib/limits/limits.ts'),
    import('../../lib/limits/size.ts'),
    import('../../lib/settings.ts'),
  ]);
  const waves = await modelsInWaves({ campus, catalog, features: FEATURES });
  const given = sizeOf(settingsOf({ campus, catalog }), {
    models: waves.flat().length,
    waves: waves.length,
    gb: flags.gb,
    ...(flags.largestGb === undefined ? {} : { largestGb: flags.largestGb }),
  });
  const { tables = given.tables } = flags;
  const size = { ...given, tables, allTables: given.allTables - given.tables + tables };
  const found = limitsOf(planFor(campus, FEATURES), size);
  const first = found.find(({ delays }) => !delays)!;
  if (flags.json) printJson({ size, first, limits: found });
  else process.stdout.write(`${inWords(found, first)}\n`);
  return first.share > 1 ? EXIT.failed : EXIT.done;
}

function inWords(found: readonly LimitUse[], first: LimitUse): string {
  const rows = found.map(({ service, limit, needs, has, unit, share, delays }) => {
    const name = `${service}: ${limit}${delays ? ' *' : ''}`;
    return [name, count(needs), `${count(has)} ${unit}`, `${Math.round(share * 100)}`];
  });
  const table = { head: ['limit', 'needs', 'of', '%'], rows, colAligns: LIMIT_ALIGNS };
  const word = first.share > 1 ? 'Stops a run' : 'Met first as the lake grows';
  return [
    screenTable(table, widthOf(process.stdout)),
    '* makes a run longer and does not stop it.',
    `${word}: ${first.service}, ${first.limit}: ${first.how}.`,
    `Then: ${first.remedy}. (${first.source})`,
  ].join('\n');
}

const LIMIT_ALIGNS: ('left' | 'right')[] = ['left', 'right', 'right', 'right'];

const count = (n: number): string => n.toLocaleString('en');

function above0(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('it must be a number above 0, such as 100.');
}
