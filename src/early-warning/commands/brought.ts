import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../../errors.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import { wholeNumber } from '../../whole-number.ts';
import type { BroughtModel, BroughtWeek, Provenance } from '../brought/brought-model.ts';
import { readPmml } from '../brought/pmml.ts';
import { NAME, readJson } from '../brought/read-json.ts';
import { keepBrought, listBrought } from '../brought/store.ts';
import { putStudiedToUse, type UseFlags } from './put-to-use.ts';
import { withStudyOptions } from './studying.ts';

interface BringFlags extends CommandFlags, Partial<Provenance> {
  readonly name?: string;
  readonly week?: string;
  readonly unsuccessful?: string;
}

/** Ten measures for sixty weeks are a tenth of it. */
const MOST_BYTES = 1_000_000;

/** What a PMML file does not say of itself, and the options that say it. */
const PROVENANCE: readonly (readonly [key: keyof Provenance, option: string, about: string])[] = [
  ['licence', '--licence', 'the licence under which it may be used'],
  ['contact', '--contact', 'who answers for it'],
  ['source', '--source', 'where it was published, or who made it'],
  ['intendedUse', '--intended-use', 'what it is for'],
  ['trainedOn', '--trained-on', 'on whom it was trained'],
];

const ABOUT_FILES = `
A JSON file says everything itself (docs/early-warning.md has an example with every key). PMML 4.2 to 4.4 is read as
far as it is a logistic regression over numbers; the options say what it does not:
${PROVENANCE.map(([, option, about]) => `  ${option.padEnd(15)} ${about}`).join('\n')}

The names of its predictors are those of the lake's measures. Nothing is in use by this: look at it next to your own
(lake early-warning report --beside <name>), then put it to use (lake early-warning use <name>).

Examples:
  $ lake early-warning bring statewide-2025.json
  $ lake early-warning bring model.pmml --name statewide-2025 --week 8 --licence "CC BY 4.0" --source https://example.edu/model \\
      --contact "J. Ito, ito@example.edu" --intended-use "advising" --trained-on "12 colleges, 2019 to 2024"
  $ lake early-warning bring`;

/** The commands for models that were made elsewhere. */
export function defineBrought(command: Command, tools: CommandTools): void {
  const bring = tools
    .addOptions(command.command('bring [file]'))
    .description('read a model that was made elsewhere from JSON or PMML; without a file: those there are')
    .option('--name <name>', 'its name here (PMML; default: that of the file)')
    .option('--week <n>', 'the week of the term from which on it holds (PMML)')
    .option(
      '--unsuccessful <category>',
      'the category that means that the course was not got through (PMML)',
    );
  for (const [, option, about] of PROVENANCE) bring.option(`${option} <text>`, `${about} (PMML)`);
  bring
    .addHelpText('after', ABOUT_FILES)
    .action((file: string | undefined, flags: BringFlags) =>
      tools.run(
        () => (file === undefined ? showBrought(tools, flags) : bringModel(tools, file, flags)),
        flags,
      ),
    );

  withStudyOptions(command.command('use <name>'), tools)
    .description('judge a brought model on past terms, write its card, and score by it from the next run on')
    .option('--contact <who>', 'who answers for it here (default: the contact of the model)')
    .addHelpText(
      'after',
      '\nExample:\n  $ lake early-warning use statewide-2025 --contact "Student success, ext. 4711"',
    )
    .action((name: string, flags: UseFlags) => tools.run(() => putStudiedToUse(tools, flags, name), flags));
}

async function bringModel(tools: CommandTools, file: string, flags: BringFlags): Promise<void> {
  const text = await textOf(file);
  const isXml = text.trimStart().startsWith('<');
  const given = isXml ? pmmlModel(file, text, flags) : jsonModel(file, text, flags);
  const model = await tools.withLake(flags, (lake) =>
    keepBrought(lake.platform.objects, given, {
      format: isXml ? 'PMML' : 'JSON',
      text,
      at: lake.platform.clock.now(),
    }),
  );
  if (flags.json) return tools.printJson(model);
  process.stdout.write(
    `${modelInWords(model)}\nnext: \`lake early-warning report --beside ${model.name}\`; \`lake early-warning use ${model.name}\` puts it to use\n`,
  );
}

async function textOf(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > MOST_BYTES) {
    throw new InputError(`${basename(file)} has ${size} bytes; at most ${MOST_BYTES} are read.`, {
      about: file,
      hint: 'a model of ten measures needs a few thousand',
    });
  }
  return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
}

type Given = Provenance & { readonly name: string; readonly weeks: readonly BroughtWeek[] };

function jsonModel(file: string, text: string, flags: BringFlags): Given {
  const said = [
    ...PROVENANCE.filter(([key]) => flags[key] !== undefined).map(([, option]) => option),
    ...(['name', 'week', 'unsuccessful'] as const)
      .filter((key) => flags[key] !== undefined)
      .map((key) => `--${key}`),
  ];
  if (said.length > 0) {
    throw new InputError(`A JSON file says everything itself; ${said.join(', ')} is for PMML.`, {
      about: file,
      hint: 'write it into the file',
    });
  }
  return readJson(basename(file), text);
}

function pmmlModel(file: string, text: string, flags: BringFlags): Given {
  const missing = PROVENANCE.filter(([key]) => (flags[key] ?? '').trim() === '').map(([, option]) => option);
  if (flags.week === undefined) missing.unshift('--week');
  if (missing.length > 0) {
    throw new InputError(
      `A PMML file does not say everything that has to be known of it: add ${missing.join(', ')}.`,
      {
        about: file,
        hint: '`lake early-warning bring --help` says what each means',
      },
    );
  }
  const week = wholeNumber('--week', flags.week!, { min: 1, max: 60 });
  const { weeks } = readPmml(basename(file), text, { week, unsuccessful: flags.unsuccessful });
  const name = flags.name ?? basename(file, extname(file)).toLowerCase();
  if (!NAME.test(name)) {
    throw new InputError('A model needs a name of lower-case letters, digits and -, at most 60.', {
      about: file,
      hint: '--name gives it one',
    });
  }
  const { licence = '', contact = '', source = '', intendedUse = '', trainedOn = '' } = flags;
  return { name, licence, contact, source, intendedUse, trainedOn, weeks };
}

async function showBrought(tools: CommandTools, flags: BringFlags): Promise<void> {
  const models = await tools.withLake(flags, (lake) => listBrought(lake.platform.objects));
  if (flags.json) return tools.printJson(models);
  process.stdout.write(
    models.length === 0
      ? 'No model was brought yet: `lake early-warning bring <file>`.\n'
      : `${models.map(modelInWords).join('\n')}\n`,
  );
}

function modelInWords({
  name,
  format,
  weeks,
  source,
  licence,
  contact,
  trainedOn,
  broughtAt,
}: BroughtModel): string {
  const measures = new Set(weeks.flatMap((week) => Object.keys(week.measures)));
  return [
    `${name}, ${format}, brought ${broughtAt.slice(0, 10)}`,
    `  from week ${weeks.map(({ week }) => week).join(', ')} on, by ${[...measures].join(', ')}`,
    `  ${source}; ${licence}; ${contact}; trained on: ${trainedOn}`,
  ].join('\n');
}
