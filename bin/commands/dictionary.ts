import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { loadCampus } from '../../src/campus/load.ts';
import { dictionary } from '../dictionary/markdown.ts';
import { typedModels } from '../dictionary/model-types.ts';
import { whileWorking } from '../progress/while-working.ts';
import { addCampusOption, runCommand } from './common.ts';

interface DictionaryFlags {
  readonly campus: string;
  readonly out?: string;
}

export function defineDictionary(command: Command): void {
  addCampusOption(command)
    .option('--out <file>', 'write it there (default: to the screen)')
    .addHelpText(
      'after',
      '\nNo lake need be loaded.\n\nExample:\n  $ lake dictionary --out docs/dictionary.md',
    )
    .action((flags: DictionaryFlags) => runCommand(() => writeDictionary(flags)));
}

async function writeDictionary({ campus: file, out }: DictionaryFlags): Promise<void> {
  const loaded = await loadCampus(file);
  const models = await whileWorking('Build every model over empty tables', {}, () => typedModels(loaded));
  const text = dictionary(loaded.campus, models, loaded.catalog.datasets);
  if (out === undefined) process.stdout.write(text);
  else {
    await writeFile(out, text);
    process.stderr.write(`Wrote ${out}.\n`);
  }
}
