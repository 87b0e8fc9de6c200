import { failureOf } from '../../failure.ts';
import type { RoundWork } from '../../ports/feature.ts';
import type { Lake } from '../../ports/step.ts';
import { listModelRecords } from '../model-record.ts';
import { dueAgain, type RoundBuilds, type RoundFailure } from './round-builds.ts';

interface Work {
  readonly name: string;
  readonly work: RoundWork;
  /** Tables that have changed since it was last called. */
  readonly changed: Set<string>;
  notBefore: number;
  isFirst: boolean;
}

/** What features make of the changes of rounds. */
export class FeatureRounds {
  #works: Work[] | undefined;

  /** @param changed tables with a newer version in this round */
  async build(lake: Lake, load: string, changed: readonly string[]): Promise<RoundBuilds> {
    const { clock, ledger } = lake.platform;
    const failed: RoundFailure[] = [];
    const names = new Set<string>();
    this.#works ??= await worksOf(lake);
    for (const own of this.#works) {
      for (const table of changed) own.changed.add(table);
      const begun = clock.now();
      if ((own.changed.size === 0 && !own.isFirst) || begun < own.notBefore) continue;
      const round = { load, changed: [...own.changed], isFirst: own.isFirst };
      try {
        for (const model of await own.work(lake, round)) names.add(model);
        own.changed.clear();
        own.isFirst = false;
      } catch (error) {
        lake.signal.throwIfAborted();
        failed.push({ about: own.name, message: failureOf(error).message });
      }
      own.notBefore = dueAgain(begun, clock.now());
    }
    if (names.size === 0) return { built: [], failed };
    const records = await listModelRecords(ledger);
    return { built: records.filter(({ model }) => names.has(model)), failed };
  }
}

async function worksOf({ features = [] }: Pick<Lake, 'features'>): Promise<Work[]> {
  const wanted = features.flatMap(({ name, rounds }) => (rounds ? [{ name, rounds }] : []));
  return Promise.all(
    wanted.map(async ({ name, rounds }) => ({
      name,
      work: await rounds.load(),
      changed: new Set<string>(),
      notBefore: 0,
      isFirst: true,
    })),
  );
}
