import type { TableVersion } from '../../../ports/tables.ts';
import { EngineError } from './errors.ts';
import { inspectFile } from './file-sums.ts';
import { filesOf } from './storage.ts';

/**
 * Whether one of these tables has lost files: then that is what is wrong, whatever DuckDB says of it. Looked for after
 * a failure only.
 */
export async function damagedTable(
  root: string,
  versions: readonly TableVersion[],
  cause: unknown,
): Promise<EngineError | undefined> {
  for (const version of versions) {
    for (const key of filesOf(version)) {
      const broken = await inspectFile(root, key, false);
      if (!broken) continue;
      // A version that was replaced is removed an hour after: a long question, or an old one, can come too late.
      const hint =
        broken.found === 'missing'
          ? 'Ask again: a newer version may have taken its place. If it goes on, run `lake repair`.'
          : '`lake repair` says what can be done.';
      return new EngineError(
        `The table ${version.table} cannot be read: its file ${key} is ${broken.found}.`,
        {
          code: 'damaged-table',
          about: version.table,
          cause,
          hint,
        },
      );
    }
  }
  return undefined;
}
