import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { didYouMean } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import { jobCosts } from '../costs.ts';
import { jobTrend, listJobs } from '../list.ts';
import { acceptRecommendation, listRecommendations } from '../recommendations.ts';
import { runTimeline } from '../timeline.ts';
import {
  acceptedInWords,
  costsInWords,
  listInWords,
  recommendationsInWords,
  timelineInWords,
  trendOfJobInWords,
} from './words.ts';

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
        const found = await tools.withLake(flags, (lake) => knownJob(lake, job, flags.days));
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

  withDays('recommend')
    .description(
      'what would make work cheaper: evidence, saving, and whether it would have been right before',
    )
    .addHelpText(
      'after',
      `
Each comes from a rule with a threshold and a version, from ten runs at least. It is made only where it would have been
right already: made after the first two thirds of the runs, it must hold in 80 % of the later ones. What was accepted
before is shown with what it has saved since.

Examples:
  $ lake jobs recommend
  $ lake jobs recommend --json | jq '.recommendations[] | {id, job, patch}'`,
    )
    .action((flags: DaysFlags) =>
      tools.run(async () => {
        const campusText = await readFile(flags.campus, 'utf8').catch(() => undefined);
        const found = await tools.withLake(flags, (lake) =>
          listRecommendations(lake, { days: flags.days, campusText }),
        );
        if (flags.json) tools.printJson(found);
        else process.stdout.write(`${recommendationsInWords(found)}\n`);
      }, flags),
    );

  tools
    .addOptions(command.command('accept'))
    .argument('<id>', 'as `lake jobs recommend` shows it')
    .description('follow a recommendation: change its setting in campus.yaml')
    .addHelpText(
      'after',
      `
Only the value of the setting is replaced; comments and everything else stay. Who has accepted it is kept in
ops.job_decisions. On AWS it takes effect with the next deployment.

Exit code 2 when there is no such recommendation, or when no setting does what it says.

Example:
  $ lake jobs accept 3f9a1c02 && git diff campus.yaml`,
    )
    .action((id: string, flags: CommandFlags) =>
      tools.run(async () => {
        const done = await tools.withLake(flags, (lake) => acceptRecommendation(lake, id, flags.campus));
        if (flags.json) tools.printJson(done);
        else process.stdout.write(`${acceptedInWords(done)}\n`);
      }, flags),
    );
}

/** @throws InputError for a job that has not run in these days */
async function knownJob(lake: Parameters<typeof jobTrend>[0], job: string, back: number) {
  const found = await jobTrend(lake, job, { days: back });
  if (found.summary) return found;
  const { jobs } = await listJobs(lake, { days: back });
  const names = jobs.map((one) => one.job);
  throw new InputError(`No job "${job}" has run in the last ${back} days${didYouMean(job, names)}.`, {
    hint: '`lake jobs list` names those that have; `--days` looks further back',
  });
}

function days(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0 && number <= 3660) return number;
  throw new InvalidArgumentError('it must be a whole number of days above 0, such as 30.');
}
