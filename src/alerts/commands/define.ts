import type { Command } from 'commander';
import { colours } from '../../colours.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import { runAlertTests } from '../check/run-tests.ts';
import { backtest } from '../history/backtest.ts';
import { publishedTables } from '../history/published.ts';
import { wordList } from '../language/word-list.ts';
import { loadAlerts } from '../rules/load-alerts.ts';
import { chosen } from './chosen.ts';
import { explainAlert, explainInWords } from './explain.ts';
import { type ListFlags, listAlerts, listInWords } from './list.ts';
import { backtestInWords } from './shown.ts';
import { defineSilence } from './silence.ts';

const ABOUT = `
Alerts are written in alerts.yaml, beside campus.yaml, in plain English or in a stack language. Each \`lake run\`
evaluates them; campus.alerts has whom they are about, ops.alerts how each stood. docs/alerts.md explains both.`;

/** `lake alerts`. */
export function defineAlerts(command: Command, tools: CommandTools): void {
  command.addHelpText('after', ABOUT);

  tools
    .addTargetOption(tools.addOptions(command.command('list')))
    .description('every alert and how it stood at the end of the last run; with --who, whom it is about')
    .option('--who', 'each series that fires')
    .option('--digest', 'the same by adviser')
    .option('--adviser <number>', 'only students of this adviser, by the registrar’s number')
    .option('--role <role>', 'only alerts for this role')
    .option('--owner <owner>', 'only alerts of this owner')
    .addHelpText(
      'after',
      '\nRows are those that your role may read.\n\nExamples:\n  $ lake alerts list\n  $ lake alerts list --who --role adviser\n  $ lake alerts list --digest --adviser A0012',
    )
    .action((flags: ListFlags) =>
      tools.run(async () => {
        const listed = await tools.withLake(flags, (lake) => listAlerts(lake, flags));
        if (flags.json) tools.printJson(listed);
        else process.stdout.write(`${listInWords(listed)}\n`);
      }, flags),
    );

  tools
    .addOptions(command.command('test'))
    .argument('<file>', 'tests of alerts')
    .description('run tests of alerts: series in, whom they fire for out')
    .addHelpText(
      'after',
      `
Values are written as for promtool: 0 1 _ 2x3 0+1x5. One value a step of the alert; _ is none.

  tests:
    - alert: no-submission
      from: 2026-10-05
      input:
        submissions{student="S1",course="BIO101",term="2026FA"}: 1 0x7
      expect:
        - { after: 7, firing: [] }
        - { after: 8, firing: ['{student="S1",course="BIO101",term="2026FA"}'] }

Exit code 1 when a test fails.

Example:
  $ lake alerts test alerts.test.yaml`,
    )
    .action((file: string, flags: CommandFlags) =>
      tools.run(async () => {
        const results = await tools.withLake(flags, async ({ campus }) =>
          runAlertTests(file, await loadAlerts(campus)),
        );
        if (flags.json) tools.printJson(results);
        else {
          const { green, red } = colours();
          for (const { name, problems } of results) {
            process.stdout.write(`${problems.length === 0 ? green('✓') : red('✗')} ${name}\n`);
            for (const problem of problems) process.stdout.write(`    ${problem}\n`);
          }
          const failed = results.filter(({ problems }) => problems.length > 0).length;
          process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
        }
        return results.every(({ problems }) => problems.length === 0) ? 0 : 1;
      }, flags),
    );

  tools
    .addTargetOption(tools.addOptions(command.command('explain')))
    .argument('<name>', 'an alert')
    .description('what an alert means in the stack language, what it reads, and its values step by step')
    .option('--of <tag=value...>', 'the series with these tags, such as student=S1000012 course=BIO101')
    .option('--steps <n>', 'how many of the last steps', '10')
    .addHelpText('after', '\nExample:\n  $ lake alerts explain no-submission --of student=S1000012')
    .action((name: string, flags: CommandFlags & { of?: string[]; steps: string }) =>
      tools.run(async () => {
        const explained = await tools.withLake(flags, (lake) => explainAlert(lake, name, flags));
        if (flags.json) tools.printJson(explained);
        else process.stdout.write(`${explainInWords(explained)}\n`);
      }, flags),
    );

  tools
    .addTargetOption(tools.addOptions(command.command('backtest')))
    .argument('[name...]', 'only these alerts')
    .description('how often alerts would have fired in a past term, for whom, and how early')
    .option('--term <code>', 'the term (default: the last one that is over)')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lake alerts backtest\n  $ lake alerts backtest no-submission --term 2026SP --json',
    )
    .action((names: string[], flags: CommandFlags & { term?: string }) =>
      tools.run(async () => {
        const tested = await tools.whileWorking('Evaluate the alerts over the term', flags, async (lake) => {
          const { alerts } = await loadAlerts(lake.campus);
          const { tables } = await publishedTables(lake);
          return backtest(lake, tables, chosen(alerts, names), flags.term);
        });
        if (flags.json) tools.printJson(tested);
        else process.stdout.write(`${backtestInWords(tested)}\n`);
      }, flags),
    );

  tools
    .addOptions(command.command('words'))
    .description('the words of the stack language, with what each takes')
    .addHelpText('after', '\nExample:\n  $ lake alerts words')
    .action((flags: CommandFlags) =>
      tools.run(async () => {
        const words = wordList();
        if (flags.json) tools.printJson(words);
        else
          for (const { title, words: own } of words) {
            process.stdout.write(`${title}\n`);
            for (const { name, takes, does } of own)
              process.stdout.write(`  :${name.padEnd(14)} ${takes.padEnd(40)} ${does}\n`);
          }
      }, flags),
    );

  defineSilence(command, tools);
}
