import { type Command, InvalidArgumentError } from 'commander';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import { jobCosts } from '../costs.ts';
import { jobTrend, listJobs } from '../list.ts';
import { runTimeline } from '../timeline.ts';
import { costsInWords, listInWords, timelineInWords, trendOfJobInWords } from './words.ts';

interface DaysFlags extends CommandFlags {
  readonly days: number;
}

const ABOUT = `
A job is a piece of work that comes again in every run: a step for one table (\`stage canvas.submissions\`), a model
(\`build-model students\`), a statement, a copy of the SIS, a Spark run, a function. Each time, ops.job_runs keeps how
long it stood in a queue, waited and ran, the rows and bytes that went in and out, what was spilled to disk, the most
memory, and what it cost. ops.job_summaries keeps, once a day, how each job has gone in the last 30 days.

docs/jobs.md explains the figures and the rules.`;

export function defineJobs(command: Command, tools: CommandTools): void {
  command.addHelpText('after', ABOUT);
  const withDays = (name: string) =>
    tools.addOptions(command.command(name)).option('--days <number>', 'how far back', days, 30);

  withDays('list')
    .description('every job: how often, how long, at what cost, and whether it takes longer and longer')
    .addHelpText(
      'after',
      `
p95 is exact: 19 of 20 runs took no longer. A trend is shown where the order of the times is no chance (Mann-Kendall
test, p < 0.01), with the median slope a day.

Examples:
  $ lake jobs list
  $ lake jobs list --json | jq '.jobs[] | select(.trend.direction == "rising") | .job'`,
    )
    .action((flags: DaysFlags) =>
      tools.run(async () => {
        const found = await tools.withLake(flags, (lake) => listJobs(lake, { days: flags.days }));
        if (flags.json) tools.printJson(found);
        else process.stdout.write(`${listInWords(found)}\n`);
      }, flags),
    );

  withDays('show')
    .argument('<job>', 'as `lake jobs list` names it, in quotes')
    .description('one job, run by run')
    .addHelpText('after', '\nExample:\n  $ lake jobs show "stage canvas.submissions"')
    .action((job: string, flags: DaysFlags) =>
      tools.run(async () => {
        const found = await tools.withLake(flags, (lake) => jobTrend(lake, job, { days: flags.days }));
        if (flags.json) tools.printJson(found);
        else process.stdout.write(`${trendOfJobInWords(found)}\n`);
      }, flags),
    );

  withDays('summary')
    .argument('[run]', 'the id of a run (default: the newest)')
    .description('where the time of a run went, what was tried again, and what the last days have cost')
    .addHelpText(
      'after',
      `
"busy" is how long at least one step of a kind was under way; steps side by side count once. "one after another" is
what they would take without each other.

Examples:
  $ lake jobs summary
  $ lake jobs summary 20261130T023000Z-4f1c --json`,
    )
    .action((run: string | undefined, flags: DaysFlags) =>
      tools.run(async () => {
        const found = await tools.withLake(flags, async (lake) => ({
          timeline: await runTimeline(lake, run),
          costs: await jobCosts(lake, { days: flags.days }),
        }));
        if (flags.json) tools.printJson(found);
        else process.stdout.write(`${timelineInWords(found.timeline)}\n\n${costsInWords(found.costs)}\n`);
      }, flags),
    );
}

function days(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0 && number <= 3660) return number;
  throw new InvalidArgumentError('it must be a whole number of days above 0, such as 30.');
}
