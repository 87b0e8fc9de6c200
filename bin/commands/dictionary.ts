import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { loadCampus } from '../../src/campus/load.ts';
import { dictionary } from '../dictionary/markdown.ts';
import { typedModels } from '../dictionary/model-types.ts';
import { addCampusOption, runCommand } from './common.ts';

interface DictionaryFlags {
  readonly campus: string;
  readonly out?: string;
}

export function registerDictionary(program: Command): void {
  addCampusOption(program.command('dictionary'))
    .description('every table and column of the lake, what it means and says of a person, as Markdown')
    .option('--out <file>', 'write it there (default: to the screen)')
    .addHelpText(
      'after',
      '\nNo lake need be loaded.\n\nExample:\n  $ lake dictionary --out docs/dictionary.md',
    )
    .action((flags: DictionaryFlags) => runCommand(() => writeDictionary(flags)));
}

async function writeDictionary({ campus: file, out }: DictionaryFlags): Promise<void> {
  const loaded = await loadCampus(file);
  const text = dictionary(loaded.campus, await typedModels(loaded), loaded.catalog.datasets);
  if (out === undefined) process.stdout.write(text);
  else {
    await writeFile(out, text);
    process.stderr.write(`Wrote ${out}.\n`);
  }
}
