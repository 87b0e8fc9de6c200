import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { campusSchema } from '../../src/campus/campus-schema.ts';
import { CampusFileError } from '../../src/campus/errors.ts';
import { nameOf } from '../../src/campus/files.ts';
import { jsonSchemas, schemaText } from '../../src/campus/json-schemas.ts';
import { readYaml } from '../../src/campus/read-yaml.ts';
import { STARTER_GITIGNORE, starterCampus } from '../../src/campus/starter.ts';
import { InputError } from '../../src/errors.ts';
import { colours, printJson, runCommand } from './common.ts';

interface InitFlags {
  readonly name?: string;
  readonly timeZone?: string;
  readonly json?: boolean;
}

const MODELS = resolve(import.meta.dirname, '../../models');

export function defineInit(command: Command): void {
  command
    .argument('[folder]', 'where', '.')
    .option('--name <name>', "the college's name")
    .option('--time-zone <zone>', 'its IANA time zone (default: that of this machine)')
    .option('--json', 'answer in JSON, for scripts')
    .addHelpText(
      'after',
      `
An existing campus.yaml is never overwritten, nor any other file.

Examples:
  $ lake init
  $ lake init riverbend --name "Riverbend College" --time-zone America/Chicago`,
    )
    .action((folder: string, flags: InitFlags) => runCommand(() => init(folder, flags), flags));
}

async function init(folder: string, flags: InitFlags): Promise<void> {
  const root = resolve(folder);
  const campus = join(root, 'campus.yaml');
  if (existsSync(campus))
    throw new InputError(`${nameOf(campus)} is there already; nothing was written`, {
      hint: `edit it, or name another folder: lake init <folder>`,
      about: campus,
    });
  const timeZone = flags.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const written: string[] = [];
  const write = async (path: string, text: string) => {
    if (await writeNew(join(root, path), text)) written.push(path);
  };
  const text = starterCampus({ name: flags.name ?? collegeName(root), timeZone });
  const problems = readYaml(nameOf(campus), text, campusSchema).problems();
  if (problems.length > 0) throw new CampusFileError(problems);
  await mkdir(join(root, 'catalog'), { recursive: true });
  await mkdir(join(root, 'schemas'), { recursive: true });
  await write('campus.yaml', text);
  await write('.gitignore', STARTER_GITIGNORE);
  for (const [name, schema] of Object.entries(jsonSchemas()))
    await write(`schemas/${name}`, schemaText(schema));
  if (!existsSync(join(root, 'models'))) {
    await cp(MODELS, join(root, 'models'), { recursive: true });
    written.push('models/');
  }
  if (flags.json) return printJson({ folder: root, written });
  const { cyan } = colours();
  const at = root === process.cwd() ? '' : ` --campus ${nameOf(campus)}`;
  process.stdout.write(
    [
      `Wrote ${written.join(', ')} in ${nameOf(root)}.`,
      `${cyan('next:')} edit ${nameOf(campus)}, then`,
      `  lake doctor${at}             what is still missing`,
      `  lake discover canvas${at}    the tables of Canvas into the catalog`,
      `  lake discover sis${at}       those of the student information system`,
      `  lake run${at}                the first load`,
      '',
    ].join('\n'),
  );
}

/** Writes a file that is not there yet; false where one is. */
async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** `riverbend-college` as `Riverbend College`: a guess to start from. */
function collegeName(root: string): string {
  const words = basename(root)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((w) => w !== '');
  return words.map((w) => w.charAt(0).toUpperCase() + w.slice(1)).join(' ') || 'My College';
}
