import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { fileSchemas } from '../../src/app/file-schemas.ts';
import { campusSchema } from '../../src/campus/campus-schema.ts';
import { CampusFileError } from '../../src/campus/errors.ts';
import { nameOf } from '../../src/campus/files.ts';
import { schemaText } from '../../src/campus/json-schemas.ts';
import { readYaml } from '../../src/campus/read-yaml.ts';
import { STARTER_GITIGNORE, starterCampus } from '../../src/campus/starter.ts';
import { colours } from '../../src/colours.ts';
import { InputError } from '../../src/errors.ts';
import { FEATURES } from '../../src/features.ts';
import { loadCampus } from '../load-campus.ts';
import { printJson, runCommand } from './common.ts';

interface InitFlags {
  readonly name?: string;
  readonly timeZone?: string;
  readonly marts?: boolean;
  readonly json?: boolean;
}

const MARTS = resolve(import.meta.dirname, '../../models');

/** README of a models folder without models. */
const NO_MODELS_YET = `# Models

Each .sql file here is one SELECT in Athena's SQL and makes one table, campus.<name>. There is none yet: the lake loads,
checks and publishes the tables of the catalog without any.

- A model of your own: docs/adding-a-dataset.md and docs/sql.md of campus-lake.
- The marts of campus-lake (students, registrations, attention lists) need nine tables of your student information
  system under the names that docs/sis-mapping.md lists, with where Banner, PeopleSoft and Colleague keep them.
  \`lake init --marts\` copies the marts here; \`lake doctor\` says what they lack.
`;

export function defineInit(command: Command): void {
  command
    .argument('[folder]', 'where', '.')
    .option('--name <name>', "the college's name")
    .option('--time-zone <zone>', 'its IANA time zone (default: that of this machine)')
    .option(
      '--marts',
      'copy the marts of campus-lake into its models, also into a campus that is there already',
    )
    .option('--json', 'answer in JSON, for scripts')
    .addHelpText(
      'after',
      `
An existing campus.yaml is never overwritten, nor any other file. The marts read tables of the SIS by the
names of docs/sis-mapping.md; without them the lake loads and publishes what the catalog lists.

Examples:
  $ lake init
  $ lake init riverbend --name "Riverbend College" --time-zone America/Chicago
  $ lake init --marts`,
    )
    .action((folder: string, flags: InitFlags) => runCommand(() => init(folder, flags), flags));
}

async function init(folder: string, flags: InitFlags): Promise<void> {
  const root = resolve(folder);
  const campus = join(root, 'campus.yaml');
  if (existsSync(campus) && flags.marts) return addMarts(root, flags);
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
  for (const [name, schema] of Object.entries(await fileSchemas(FEATURES)))
    await write(`schemas/${name}`, schemaText(schema));
  if (flags.marts) written.push(...(await copyMarts(join(root, 'models'))));
  else if (!existsSync(join(root, 'models'))) {
    await mkdir(join(root, 'models'));
    await write('models/README.md', NO_MODELS_YET);
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

/** The marts into a campus that is there. */
async function addMarts(root: string, { json }: InitFlags): Promise<void> {
  const { campus } = await loadCampus(root);
  const folder = resolve(root, campus.models);
  const written = await copyMarts(folder);
  if (json) return printJson({ folder: root, written });
  const what = written.length === 0 ? 'They are all there already' : `Copied ${written.length} files`;
  process.stdout.write(
    `${what}: ${nameOf(folder)}.\n${colours().cyan('next:')} \`lake doctor\` says which tables they lack\n`,
  );
}

/** Copies the marts that are not there yet. @returns their paths */
async function copyMarts(folder: string): Promise<string[]> {
  const names = (await readdir(MARTS, { recursive: true })).filter((name) => name.endsWith('.sql')).sort();
  const written: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    if (await writeNew(path, await readFile(join(MARTS, name), 'utf8'))) written.push(join('models', name));
  }
  return written;
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
