import type { Command } from 'commander';
import { InputError } from '../../errors.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import { objectiveAsJson, standingAsJson } from '../as-json.ts';
import { openObjectives } from '../open-objectives.ts';
import { generatorReports } from '../standards/generator-reports.ts';
import { firingIn, standings } from '../standing.ts';
import { SLO_FILE, SLO_FOLDER } from '../tables.ts';
import { chosen, momentOf } from './chosen.ts';
import { defineExceptions } from './exceptions.ts';
import { explainInWords, explanationOf } from './explain.ts';
import { defineOutputs } from './outputs.ts';
import { listInWords, reportInWords } from './shown.ts';
import { runTests, testsInWords } from './tests.ts';

interface ReportFlags extends CommandFlags {
  readonly at?: string;
  readonly format?: string;
}

const ABOUT = `
A service level is a promise with a target: "canvas.submissions is never older than 8 hours, in 99 % of the minutes of
28 days". What may go wrong is the error budget. Ages are computed for every minute from what the ledger says was
published when, so any moment of the past can be looked at, and looked at again.

Objectives are written in ${SLO_FILE}, beside campus.yaml. OpenSLO v1, slo-generator v2 and ODCS documents are read
from the folder ${SLO_FOLDER}/. docs/service-levels.md explains both.`;

export function defineSlo(command: Command, tools: CommandTools): void {
  command.addHelpText('after', ABOUT);

  tools
    .addTargetOption(tools.addOptions(command.command('list')))
    .description('every objective, its target and where it is written')
    .addHelpText('after', '\nExample:\n  $ lake slo list')
    .action((flags: CommandFlags) =>
      tools.run(async () => {
        const { objectives } = await tools.withLake(flags, openObjectives);
        if (flags.json) tools.printJson(objectives.map(objectiveAsJson));
        else process.stdout.write(`${listInWords(objectives)}\n`);
      }, flags),
    );

  tools
    .addTargetOption(tools.addOptions(command.command('report')))
    .argument('[name...]', 'only these objectives')
    .description('what is left of each error budget, how fast it burns, which alerts fire')
    .option('--at <time>', 'as it stood then, ISO 8601 (default: now)')
    .option(
      '--format <format>',
      'slo-generator: the figures of its reports, for each step of the default policy',
    )
    .addHelpText(
      'after',
      '\nExit code 1 when an alert fires.\n\nExamples:\n  $ lake slo report\n  $ lake slo report submissions-fresh --at 2026-11-20T08:00Z --json',
    )
    .action((names: string[], flags: ReportFlags) => tools.run(() => report(tools, names, flags), flags));

  tools
    .addTargetOption(tools.addOptions(command.command('explain')))
    .argument('<name>', 'an objective')
    .description('what an objective promises, how its alerts work, and when it was not kept')
    .option('--at <time>', 'as it stood then, ISO 8601 (default: now)')
    .addHelpText('after', '\nExample:\n  $ lake slo explain submissions-fresh')
    .action((name: string, flags: ReportFlags) => tools.run(() => explain(tools, name, flags), flags));

  tools
    .addTargetOption(tools.addOptions(command.command('test')))
    .argument('<file>', 'tests of alerts')
    .description(
      'whether alerts fire when they should: histories made up in a file, and what is expected of them',
    )
    .addHelpText(
      'after',
      '\nExit code 1 when a test fails. docs/service-levels.md shows a file.\n\nExample:\n  $ lake slo test slo-tests.yaml',
    )
    .action((file: string, flags: CommandFlags) => tools.run(() => test(tools, file, flags), flags));

  defineExceptions(command, tools);
  defineOutputs(command, tools);
}

async function report(tools: CommandTools, names: readonly string[], flags: ReportFlags): Promise<number> {
  if (flags.format !== undefined && flags.format !== 'slo-generator')
    throw new InputError(`There is no format "${flags.format}".`, { hint: 'slo-generator is one' });
  const found = await tools.withLake(flags, async (lake) => {
    const loaded = await openObjectives(lake);
    const objectives = chosen(loaded, names);
    return standings(lake.platform.ledger, { ...loaded, objectives }, momentOf(flags.at, lake));
  });
  if (flags.format === 'slo-generator')
    tools.printJson(found.flatMap((standing) => generatorReports(standing)));
  else if (flags.json) tools.printJson(found.map(standingAsJson));
  else process.stdout.write(`${reportInWords(found)}\n`);
  return found.some((standing) => firingIn(standing).length > 0) ? 1 : 0;
}

async function explain(tools: CommandTools, name: string, flags: ReportFlags): Promise<void> {
  const explained = await tools.withLake(flags, async (lake) => {
    const loaded = await openObjectives(lake);
    const [objective] = chosen(loaded, [name]);
    return explanationOf(lake.platform.ledger, loaded, objective!, momentOf(flags.at, lake));
  });
  if (flags.json) tools.printJson(explained);
  else process.stdout.write(`${explainInWords(explained)}\n`);
}

async function test(tools: CommandTools, file: string, flags: CommandFlags): Promise<number> {
  const results = await tools.withLake(flags, async (lake) => runTests(file, await openObjectives(lake)));
  if (flags.json) tools.printJson(results);
  else process.stdout.write(`${testsInWords(results)}\n`);
  return results.every(({ problems }) => problems.length === 0) ? 0 : 1;
}
