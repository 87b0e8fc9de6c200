import { writeFile } from 'node:fs/promises';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { readAs } from '../../app/access/open-access.ts';
import {
  answerRun,
  informRun,
  type ListedRun,
  listProcedureRuns,
  pictureRun,
  type RunReport,
  reportRun,
  resumeRun,
  startRun,
} from '../../app/sop/runs.ts';
import { InputError } from '../../errors.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import type { Lake } from '../../ports/step.ts';
import { reportHtml, reportMarkdown } from '../execution/report.ts';

interface AsFlags extends CommandFlags {
  readonly role?: string;
  readonly as?: string;
}

interface GivenFlags extends AsFlags {
  readonly set?: readonly string[];
}

interface AnswerFlags extends GivenFlags {
  readonly name?: string;
}

interface ReportFlags extends AsFlags {
  readonly html?: string;
  readonly picture?: boolean;
}

/** `lake procedure run | answer | resume | status | report`. */
export function defineRuns(command: Command, tools: CommandTools): void {
  const asked = (of: Command) =>
    tools
      .addOptions(of)
      .option('--role <role>', 'as this role of access.yaml. Default: administrator')
      .option('--as <id>', 'as this person, where the role asks for one');
  const withLake = <T>(flags: AsFlags, work: (lake: Lake) => Promise<T>): Promise<T> =>
    tools.withLake(flags, async (lake) =>
      work(flags.role === undefined ? lake : await readAs(lake, { role: flags.role, principal: flags.as })),
    );
  const told = (report: RunReport, flags: CommandFlags): number => {
    if (flags.json) tools.printJson(report);
    else process.stdout.write(`${inWords(report)}\n`);
    return report.status === 'failed' ? 1 : 0;
  };

  asked(command.command('run'))
    .argument('<name>', 'a procedure')
    .option('--set <name=value>', 'what it needs; repeat for each', collect)
    .description('carry a procedure out, until it asks somebody or ends')
    .addHelpText(
      'after',
      `
Each step is stored, so a run that was killed goes on by \`lake procedure resume\`. Exit code 1 where a step fails.

Example:
  $ lake procedure run late-feed --set table=canvas.submissions`,
    )
    .action((name: string, flags: GivenFlags) =>
      tools.run(
        async () => told(await withLake(flags, (lake) => startRun(lake, name, valuesOf(flags.set))), flags),
        flags,
      ),
    );

  asked(command.command('answer'))
    .argument('<run>', 'an execution')
    .argument('[value]', 'the answer')
    .option('--name <name>', 'which answer, also one that is not asked for yet or was given before')
    .option('--set <name=value>', 'new information in place of what it was started with', collect)
    .description('answer what a procedure asks, or change an answer; only what depends on it is done again')
    .addHelpText('after', '\nExample:\n  $ lake procedure answer 20261201T070000Z-late-feed-1f2e3d approve')
    .action((run: string, value: string | undefined, flags: AnswerFlags) =>
      tools.run(async () => {
        if ((value === undefined) === (flags.set === undefined))
          throw new InputError('An answer is a value, or new information with --set.', {
            hint: '`lake procedure report` says what is asked',
          });
        const report = await withLake(flags, (lake) =>
          value === undefined
            ? informRun(lake, run, valuesOf(flags.set))
            : answerRun(lake, run, { value, name: flags.name }),
        );
        return told(report, flags);
      }, flags),
    );

  asked(command.command('resume'))
    .argument('<run>', 'an execution')
    .description('carry an execution on after a kill, a failure, or an answer by another role')
    .action((run: string, flags: AsFlags) =>
      tools.run(async () => told(await withLake(flags, (lake) => resumeRun(lake, run)), flags), flags),
    );

  asked(command.command('status'))
    .description('list executions: what waits for whom, what has ended and how')
    .action((flags: AsFlags) =>
      tools.run(async () => {
        const found = await withLake(flags, listProcedureRuns);
        if (flags.json) tools.printJson(found);
        else process.stdout.write(`${listInWords(found)}\n`);
      }, flags),
    );

  asked(command.command('report'))
    .argument('<run>', 'an execution')
    .option('--html <file>', 'write a page. Default: print Markdown')
    .option('--picture', 'print the tree with how far it has come, for Mermaid')
    .description('the decision of an execution with all evidence')
    .action((run: string, flags: ReportFlags) =>
      tools.run(async () => {
        if (flags.picture)
          return void process.stdout.write(await withLake(flags, (lake) => pictureRun(lake, run)));
        const report = await withLake(flags, (lake) => reportRun(lake, run));
        if (flags.html !== undefined) await writeFile(flags.html, reportHtml(report));
        if (flags.json) tools.printJson(report);
        else if (flags.html === undefined) process.stdout.write(reportMarkdown(report));
      }, flags),
    );
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function valuesOf(set: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    set.map((one) => {
      const at = one.indexOf('=');
      if (at < 1)
        throw new InputError('--set takes a name and a value.', { hint: 'such as --set table=canvas.users' });
      return [one.slice(0, at), one.slice(at + 1)];
    }),
  );
}

function inWords(report: RunReport): string {
  const { id, status, decision, because, failure, waitsFor, steps } = report;
  const said = steps
    .filter((step) => step.said !== '')
    .map((step) => `  ${step.path}  ${step.text}  → ${step.said}`);
  const end =
    status === 'ended'
      ? [`Decision: ${decision}`, ...(because ? [because] : [])]
      : status === 'failed'
        ? [`Failed: ${failure}`, `\`lake procedure resume ${id}\` tries again.`]
        : waitsFor
          ? [
              `Waits for ${waitsFor.roles.join(' or ')}: ${waitsFor.question}`,
              `  ${waitsFor.choices.join(' | ')}`,
              `\`lake procedure answer ${id} <answer> --role ${waitsFor.roles[0]}\``,
            ]
          : [`\`lake procedure resume ${id}\` carries it on, as the role that started it.`];
  return [`${id}: ${report.title}`, ...said, ...end].join('\n');
}

function listInWords(runs: readonly ListedRun[]): string {
  if (runs.length === 0) return 'No procedure was carried out yet.';
  const table = new Table({
    head: ['execution', 'status', 'waits for', 'decision', 'started by'],
    style: { head: [], border: [], compact: true },
  });
  for (const { id, status, waitsFor, decision, startedBy } of runs)
    table.push([id, status, waitsFor.join(', '), decision ?? '', startedBy]);
  return table.toString();
}
