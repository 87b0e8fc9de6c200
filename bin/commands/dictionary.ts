import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { dictionaryData } from '../../src/app/dictionary/data.ts';
import { typedModels } from '../../src/app/dictionary/model-types.ts';
import { dictionaryTables } from '../../src/app/dictionary/readable.ts';
import { FEATURES } from '../../src/features.ts';
import { dictionary } from '../dictionary/markdown.ts';
import { loadCampus } from '../load-campus.ts';
import { whileWorking } from '../progress/while-working.ts';
import { commandSession } from '../session.ts';
import { withLake } from '../with-lake.ts';
import { addCommonOptions, type CommonFlags, printJson, runCommand } from './common.ts';

interface DictionaryFlags extends CommonFlags {
  readonly out?: string;
}

export function defineDictionary(command: Command): void {
  addCommonOptions(command)
    .option('--out <file>', 'write it there (default: to the screen)')
    .addHelpText(
      'after',
      '\nNo lake need be loaded.\n\nExample:\n  $ lake dictionary --out docs/dictionary.md\n  $ lake dictionary --json --out dictionary.json',
    )
    .action((flags: DictionaryFlags) => runCommand(() => writeDictionary(flags), flags));
}

async function writeDictionary({ campus: file, out, json }: DictionaryFlags): Promise<void> {
  const loaded = await loadCampus(file);
  const models = await whileWorking('Build every model over empty tables', { silent: json }, () =>
    typedModels(loaded, withLake),
  );
  const tables = await dictionaryTables({ session: commandSession() }, models, loaded.catalog.datasets);
  const data = () => dictionaryData(loaded.campus, tables);
  if (json && out === undefined) return printJson(data());
  const text = json ? `${JSON.stringify(data(), null, 2)}\n` : dictionary(loaded.campus, tables, FEATURES);
  if (out === undefined) process.stdout.write(text);
  else {
    await writeFile(out, text);
    process.stderr.write(`Wrote ${out}.\n`);
  }
}
