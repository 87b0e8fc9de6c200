import { type Command, InvalidArgumentError } from 'commander';
import { discovery } from '../../src/app/discover/discovery.ts';
import { nameOf, writeText } from '../../src/campus/files.ts';
import { colours } from '../../src/colours.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openLocalRateLimits } from '../../src/platform/local/rate-limits.ts';
import { type Summary, summaryText } from '../discover/summary.ts';
import { loadCampus } from '../load-campus.ts';
import { whileWorking } from '../progress/while-working.ts';
import { stopSignal } from '../stop-signal.ts';
import { addCommonOptions, type CommonFlags, openCampus, printJson, runCommand } from './common.ts';

interface DiscoverFlags extends CommonFlags {
  readonly dryRun?: boolean;
  readonly off?: boolean;
  readonly views?: boolean;
  readonly sample?: number;
}

export function defineDiscover(command: Command): void {
  addCommonOptions(command)
    .argument('<source>', 'a name under sources: in campus.yaml')
    .option('--dry-run', 'say what would change and write nothing')
    .option('--off', 'write new tables with load: off, to switch on the wanted ones by hand')
    .option('--views', 'take views of the database too, not only its tables')
    .option('--sample <rows>', 'classify new SIS columns by this many sampled rows, too', rows)
    .addHelpText(
      'after',
      `
What a person wrote in the catalog is never touched: new tables and columns are added with a proposed privacy
class and the comment "# proposed"; what is gone at the source is kept and marked; a changed type is followed
only on lines that still carry that comment.

Examples:
  $ lake discover canvas              every table of Canvas into catalog/canvas.yaml
  $ lake discover sis --sample 500    classified by values, too; values are never printed or kept
  $ lake discover sis --dry-run       what has changed in the student information system`,
    )
    .action((source: string, flags: DiscoverFlags) => runCommand(() => discover(source, flags), flags));
}

async function discover(source: string, flags: DiscoverFlags): Promise<void> {
  const { campus } = await openCampus(flags);
  const { reading, changes, texts } = await whileWorking(
    `Read the schemas of ${source}`,
    { silent: flags.json },
    (tell) =>
      discovery(campus, source, {
        limits: openLocalRateLimits(systemClock),
        views: flags.views,
        off: flags.off,
        sample: flags.sample,
        signal: stopSignal(),
        progress: (done, all) => tell(`${done} of ${all}`),
      }),
  );
  // What is about to be written must load: otherwise nothing is written.
  await loadCampus(flags.campus, texts);
  if (!flags.dryRun) for (const [path, text] of texts) await writeText(path, text);

  const summary: Summary = {
    source,
    tables: reading.tables.length,
    changes,
    unread: reading.unread,
    remarks: reading.remarks,
    files: [...texts.keys()].map(nameOf),
    dryRun: flags.dryRun === true,
  };
  if (flags.json) printJson(summary);
  else process.stdout.write(`${summaryText(summary, colours())}\n`);
}

function rows(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('It takes a whole number of rows, such as 500.');
}
