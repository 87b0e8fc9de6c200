import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failureOf } from '../../failure.ts';
import { modelsFolder, modelsInWaves } from '../../models/build-model.ts';
import type { Lake } from '../../ports/step.ts';
import { listModelRecords } from '../model-record.ts';
import { buildModelStep } from '../steps/build-model.ts';
import { toItsEnd } from './round.ts';
import { dueAgain, type RoundBuilds, type RoundFailure } from './round-builds.ts';

interface LiveModel {
  readonly name: string;
  readonly table: string;
  readonly reads: readonly string[];
}

/** The models with `-- refresh: live`, which of them have newer inputs, and when each may be built again. */
export class LiveModels {
  #models: readonly LiveModel[] = [];
  #seen = '';
  readonly #due = new Set<string>();
  readonly #notBefore = new Map<string, number>();

  /**
   * Builds those that read what has changed, in their order: also one that a model before it in this round is read by.
   * @param changed tables with a newer version
   * @returns the records of those that were built
   */
  async build(lake: Lake, load: string, changed: readonly string[]): Promise<RoundBuilds> {
    const { clock, ledger } = lake.platform;
    const failed: RoundFailure[] = [];
    if (changed.length === 0 && this.#due.size === 0 && this.#seen !== '') return { built: [], failed };
    try {
      await this.#read(lake);
    } catch (error) {
      return { built: [], failed: [{ about: 'models', message: failureOf(error).message }] };
    }
    const newer = new Set(changed);
    for (const { name, table, reads } of this.#models) {
      if (reads.some((read) => newer.has(read))) this.#due.add(name);
      const begun = clock.now();
      if (!this.#due.has(name) || begun < (this.#notBefore.get(name) ?? 0)) continue;
      this.#due.delete(name);
      try {
        const built = await toItsEnd(lake, () => buildModelStep.run({ run: load, model: name }, lake));
        if (!built.kept) newer.add(table);
      } catch (error) {
        lake.signal.throwIfAborted();
        failed.push({ about: table, message: failureOf(error).message });
      }
      this.#notBefore.set(name, dueAgain(begun, clock.now()));
    }
    const records = await listModelRecords(ledger);
    return { built: records.filter(({ run }) => run === load), failed };
  }

  /** Reads the models where a file of them has changed. @throws ModelError */
  async #read(lake: Lake): Promise<void> {
    const folder = modelsFolder(lake);
    const names = (await readdir(folder).catch(() => [])).sort();
    const states = names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return `${name} ${found?.mtimeMs} ${found?.size}`;
    });
    const seen = (await Promise.all(states)).join('\n');
    if (seen === this.#seen) return;
    this.#models = (await modelsInWaves(lake))
      .flat()
      .flatMap(({ name, table, refresh, statement }) =>
        refresh === 'live' ? [{ name, table, reads: statement.tables.map((read) => read.name) }] : [],
      );
    // What an earlier process has left out is made up for; one made from the same as before costs a look at it.
    for (const { name } of this.#models) this.#due.add(name);
    this.#seen = seen;
  }
}
