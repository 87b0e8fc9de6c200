import { join } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { exportNotebook } from '../../app/notebooks/export-notebook.ts';
import {
  listNotebooks,
  notebooksFolder,
  readNotebookFile,
  writeNew,
  writeNotebookFile,
} from '../../app/notebooks/notebook-files.ts';
import { runNotebookFile } from '../../app/notebooks/run-notebook-file.ts';
import { incidentNotebookOf, type MadeNotebook, newNotebook } from '../../app/notebooks/write-notebook.ts';
import { InputError } from '../../errors.ts';
import type { CommandFlags, CommandRole, CommandTools } from '../../ports/feature.ts';
import type { Lake } from '../../ports/step.ts';
import { listInWords, runInWords } from './shown.ts';

interface MakeFlags extends CommandFlags, CommandRole {
  readonly out?: string;
}

interface RunFlags extends MakeFlags {
  readonly param: Readonly<Record<string, string>>;
  readonly tolerance?: number;
}

interface ExportFlags extends MakeFlags {
  readonly least: number;
  readonly notes?: boolean;
}

const ABOUT = `
A notebook is an .ipynb (nbformat 4.5), in notebooks/ beside campus.yaml unless --out says otherwise. Jupyter runs it:
its cells ask \`lake serve\`, with the token in LAKE_API_TOKEN. docs/notebooks.md has all of it.

Examples:
  $ lake notebook lms-unreachable.canvas              the notebook of an incident, with its queries run
  $ lake notebook new "Who drops out of evening classes?"
  $ lake notebook run notebooks/lms-unreachable.canvas-20261201T023000Z-4f1c.ipynb
  $ lake notebook list`;

export function defineNotebook(command: Command, tools: CommandTools): void {
  const made = (add: Command): Command =>
    tools
      .addRoleOptions(tools.addOptions(add))
      .option('--out <file>', 'where it is written; a file that is there is never replaced');

  command.addHelpText('after', ABOUT);

  made(command.command('incident', { isDefault: true }))
    .argument('<incident>', 'an incident, by its id or the end of it')
    .description('write the notebook of an incident: question, timeline, queries, dead ends, diagnosis, fix')
    .addHelpText(
      'after',
      '\nExit code 1 when a query in it failed.\n\nExample:\n  $ lake notebook rows-differ.canvas.users',
    )
    .action((id: string, flags: MakeFlags) =>
      tools.run(() => make(tools, flags, (lake) => incidentNotebookOf(lake, id)), flags),
    );

  made(command.command('new'))
    .argument('<question>', 'its title')
    .description('start a notebook for a question, pinned to what is published now')
    .addHelpText(
      'after',
      '\nExample:\n  $ lake notebook new "Who drops out of evening classes?" --role analyst',
    )
    .action((title: string, flags: MakeFlags) =>
      tools.run(() => make(tools, flags, (lake) => newNotebook(lake, title)), flags),
    );

  made(command.command('run'))
    .argument('<file>', 'a notebook')
    .description('run the cells that the lake knows and write a copy, compared with the run before')
    .option('--param <name=value>', 'a value for a name in the cell of parameters', parameterOf, {})
    .option('--tolerance <part>', 'numbers that differ by less of their size are one', part)
    .addHelpText(
      'after',
      `
Cells of plain values, ask, show and chart are run without Python; others are named and left without a result. The
original is not changed.

Exit code 1 when a cell failed, needs Python, or found something else than before.

Example:
  $ lake notebook run notebooks/question.ipynb --param publication=20261201T023000Z-4f1c`,
    )
    .action((file: string, flags: RunFlags) => tools.run(() => run(tools, file, flags), flags));

  made(command.command('export'))
    .argument('<file>', 'a notebook')
    .description('write it as one file of HTML without script, as a role sees it')
    .option('--least <n>', 'the smallest group that is shown in answers about people', leastOf, 10)
    .option('--notes', 'show another role what the author has written, too')
    .addHelpText(
      'after',
      `
Its queries are run again as the role, over the publication that they name. Of groups of fewer than 10 people nothing is
shown. The file goes beside the notebook unless --out says otherwise.

Example:
  $ lake notebook export notebooks/question.ipynb --role analyst --out question.html`,
    )
    .action((file: string, flags: ExportFlags) => tools.run(() => exported(tools, file, flags), flags));

  tools
    .addOptions(command.command('list'))
    .argument('[incident]', 'only those of this incident')
    .description('the notebooks beside campus.yaml')
    .addHelpText('after', '\nExample:\n  $ lake notebook list lms-unreachable.canvas')
    .action((incident: string | undefined, flags: CommandFlags) =>
      tools.run(async () => {
        const found = await tools.withLake(flags, (lake) => listNotebooks(lake, { incident }));
        if (flags.json) tools.printJson(found);
        else process.stdout.write(`${listInWords(found)}\n`);
      }, flags),
    );
}

async function make(
  tools: CommandTools,
  flags: MakeFlags,
  work: (lake: Lake) => Promise<MadeNotebook>,
): Promise<number> {
  return tools.withLake(flags, async (whole) => {
    const lake = await tools.asRole(whole, flags);
    const { name, notebook, failed } = await work(lake);
    const file = flags.out ?? join(notebooksFolder(lake), `${name}.ipynb`);
    if (!file.endsWith('.ipynb'))
      throw new InputError('The file of a notebook ends in .ipynb.', { hint: `--out ${file}.ipynb` });
    await writeNotebookFile(file, notebook);
    if (flags.json) tools.printJson({ file, cells: notebook.cells.length, failed });
    else
      process.stdout.write(
        [
          `${file} is written.`,
          ...failed.map((id) => `The query of ${id} failed; the notebook says why.`),
          '',
        ].join('\n'),
      );
    return failed.length > 0 ? 1 : 0;
  });
}

async function run(tools: CommandTools, file: string, flags: RunFlags): Promise<number> {
  const { out, param: values, tolerance } = flags;
  const result = await tools.withLake(flags, async (lake) =>
    runNotebookFile(await tools.asRole(lake, flags), file, { out, values, tolerance }),
  );
  if (flags.json) tools.printJson(result);
  else process.stdout.write(`${runInWords(result)}\n`);
  return result.differences.length === 0 && result.cells.every(({ status }) => status === 'done') ? 0 : 1;
}

async function exported(tools: CommandTools, file: string, flags: ExportFlags): Promise<void> {
  const notebook = await readNotebookFile(file);
  const out =
    flags.out ?? file.replace(/(\.ipynb)?$/, `${flags.role === undefined ? '' : `.${flags.role}`}.html`);
  const html = await tools.withLake(flags, async (lake) =>
    exportNotebook(await tools.asRole(lake, flags), notebook, { least: flags.least, notes: flags.notes }),
  );
  await writeNew(out, html);
  if (flags.json) tools.printJson({ file: out, characters: html.length });
  else process.stdout.write(`${out} is written.\n`);
}

function leastOf(written: string): number {
  const found = Number(written);
  if (/^\d{1,4}$/.test(written) && found >= 1) return found;
  throw new InvalidArgumentError('Write a whole number from 1.');
}

function parameterOf(
  written: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(written) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write name=value.');
  return { ...before, [name]: value };
}

function part(written: string): number {
  const found = Number(written);
  if (written.trim() !== '' && found >= 0 && found < 1) return found;
  throw new InvalidArgumentError('Write a part such as 0.001.');
}
