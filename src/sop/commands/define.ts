import Table from 'cli-table3';
import type { Command } from 'commander';
import {
  checkProcedures,
  type ListedProcedure,
  listProcedures,
  listTools,
  type Problem,
  showProcedure,
} from '../../app/sop/procedures.ts';
import { colours } from '../../colours.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import { defineRuns } from './runs.ts';

const STYLE = { style: { head: [], border: [], compact: true } };

/** `lake procedure`. */
export function defineProcedure(command: Command, tools: CommandTools): void {
  command.addHelpText(
    'after',
    `
A procedure is a text in procedures/<name>.sop beside campus.yaml: indentation is its tree, @tools do its work, and it
asks people where a person decides. docs/procedures.md has the grammar with examples.

Examples:
  $ lake procedure list
  $ lake procedure show late-feed
  $ lake procedure check
  $ lake procedure picture late-feed > late-feed.mmd
  $ lake procedure run late-feed --set table=canvas.submissions
  $ lake procedure status`,
  );
  defineRuns(command, tools);

  tools
    .addOptions(command.command('list'))
    .description('list procedures, who may run them and what they need')
    .action((flags: CommandFlags) =>
      tools.run(async () => {
        const found = await tools.withLake(flags, listProcedures);
        if (flags.json) tools.printJson(found);
        else process.stdout.write(`${listInWords(found)}\n`);
      }, flags),
    );

  tools
    .addOptions(command.command('tools'))
    .description('list the tools that procedures may call')
    .action((flags: CommandFlags) =>
      tools.run(async () => {
        const found = await tools.withLake(flags, async (lake) => listTools(lake));
        if (flags.json) return tools.printJson(found);
        const table = new Table({ head: ['tool', 'what it gives', 'who', 'acts'], wordWrap: true, ...STYLE });
        for (const { name, takes, about, roles, acts } of found) {
          const args = takes.map((one) => `${one.name}${one.optional ? '?' : ''}: ${one.type}`).join(', ');
          table.push([
            `@${name}(${args})`,
            about,
            roles === 'any' ? 'any role' : roles.join(', '),
            acts ? 'yes' : '',
          ]);
        }
        process.stdout.write(`${table.toString()}\n`);
      }, flags),
    );

  tools
    .addOptions(command.command('check'))
    .argument('[name...]', 'only these procedures')
    .description('find mistakes: names, types, tools, roles, cases that are left open, loops without an end')
    .addHelpText('after', '\nExit code 2 where there is a mistake; warnings alone are none.')
    .action((names: string[], flags: CommandFlags) =>
      tools.run(async () => {
        const problems = await tools.withLake(flags, (lake) => checkProcedures(lake, names));
        if (flags.json) tools.printJson(problems);
        else process.stdout.write(`${problemsInWords(problems)}\n`);
        return problems.some(({ severity }) => severity === 'error') ? 2 : 0;
      }, flags),
    );

  tools
    .addOptions(command.command('show'))
    .argument('<name>', 'a procedure')
    .description('print a procedure as it is written')
    .action((name: string, flags: CommandFlags) =>
      tools.run(async () => {
        const found = await tools.withLake(flags, (lake) => showProcedure(lake, name));
        if (flags.json) tools.printJson(found);
        else process.stdout.write(found.text);
      }, flags),
    );

  tools
    .addOptions(command.command('picture'))
    .argument('<name>', 'a procedure')
    .description("print a procedure's tree as a flowchart for Mermaid")
    .action((name: string, flags: CommandFlags) =>
      tools.run(async () => {
        const { picture } = await tools.withLake(flags, (lake) => showProcedure(lake, name));
        if (flags.json) tools.printJson({ picture });
        else process.stdout.write(picture);
      }, flags),
    );
}

function listInWords(found: readonly ListedProcedure[]): string {
  const { red } = colours();
  const table = new Table({ head: ['procedure', 'what', 'who', 'needs'], ...STYLE });
  for (const { name, title, roles, needs, errors } of found)
    table.push([
      name,
      errors > 0 ? `${title} ${red(`(${errors} mistakes)`)}` : title,
      roles.join(', '),
      needs.map((need) => `${need.name}: ${need.type}`).join(', '),
    ]);
  return table.toString();
}

/** One a line, as compilers write them. */
function problemsInWords(problems: readonly Problem[]): string {
  if (problems.length === 0) return 'No mistakes.';
  const { red, yellow } = colours();
  return problems
    .map(({ file, line, column, severity, code, message }) => {
      const colour = severity === 'error' ? red : yellow;
      return `${file}:${line}:${column} ${colour(severity)} ${code}: ${message}`;
    })
    .join('\n');
}
