import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { dictionaryData } from '../../src/app/dictionary/data.ts';
import { typedModels } from '../../src/app/dictionary/model-types.ts';
import { dictionaryTables } from '../../src/app/dictionary/readable.ts';
import { FEATURES } from '../../src/features.ts';
import { dictionary } from '../dictionary/markdown.ts';
import { loadCampus } from '../load-campus.ts';
import { whileWorking } from '../progress/while-working.ts';
import { withLake } from '../with-lake.ts';
import {
  addCommonOptions,
  addRoleOptions,
  asRole,
  type CommonFlags,
  printJson,
  type RoleFlags,
  runCommand,
} from './common.ts';

interface DictionaryFlags extends CommonFlags, RoleFlags {
  readonly out?: string;
}

export function defineDictionary(command: Command): void {
  addRoleOptions(addCommonOptions(command))
    .option('--out <file>', 'write it there (default: to the screen)')
    .addHelpText(
      'after',
      '\nNo lake need be loaded. With --role, it is what that role sees: tables, columns, and nothing that names others.\n\nExamples:\n  $ lake dictionary --out docs/dictionary.md\n  $ lake dictionary --json --out dictionary.json\n  $ lake dictionary --role analyst --out for-analysts.md',
    )
    .action((flags: DictionaryFlags) => runCommand(() => writeDictionary(flags), flags));
}

async function writeDictionary(flags: DictionaryFlags): Promise<void> {
  const { campus: file, out, json } = flags;
  const loaded = await loadCampus(file);
  const models = await whileWorking('Build every model over empty tables', { silent: json }, () =>
    typedModels(loaded, withLake),
  );
  const tables = await withLake(loaded, {}, async (lake) =>
    dictionaryTables(await asRole(lake, flags), models, loaded.catalog.datasets),
  );
  const data = () => dictionaryData(loaded.campus, tables);
  if (json && out === undefined) return printJson(data());
  const text = json ? `${JSON.stringify(data(), null, 2)}\n` : dictionary(loaded.campus, tables, FEATURES);
  if (out === undefined) process.stdout.write(text);
  else {
    await writeFile(out, text);
    process.stderr.write(`Wrote ${out}.\n`);
  }
}
