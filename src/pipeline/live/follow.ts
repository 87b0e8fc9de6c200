import { failureOf } from '../../failure.ts';
import { listStates } from '../../loads/dataset-state.ts';
import { newLiveLoad } from '../../loads/live-load.ts';
import { goodOf } from '../../loads/state.ts';
import { RunLockedError } from '../../ports/errors.ts';
import type { OpenResident } from '../../ports/feature.ts';
import { FOLLOWING } from '../../ports/ledger.ts';
import type { Lake } from '../../ports/step.ts';
import { readPublication } from '../publication.ts';
import { isContinued, readRunRecord } from '../run-record.ts';
import { sweep } from '../steps/sweep.ts';
import { FeatureRounds } from './feature-rounds.ts';
import { LiveModels } from './live-models.ts';
import { type LiveRound, liveRound, type NamedResident } from './round.ts';
import { type Delay, delayOf, delaysOf, Visibility } from './visibility.ts';

/** What following tells of itself. Instants are ISO 8601 UTC; nothing of a row is in it. */
export type FollowEvent =
  | ({
      readonly type: 'round';
      readonly seconds: number;
      /** From commit until readers saw it; of no changes none. */
      readonly delay?: Delay;
    } & Pick<LiveRound, 'load' | 'asOf' | 'publishedAt' | 'models'> & {
        readonly tables: readonly {
          readonly dataset: string;
          readonly changes: number;
          readonly kind: string;
        }[];
        readonly failed: LiveRound['failed'];
      })
  /** Something else has the right to write: a run, an erasure. */
  | { readonly type: 'waiting'; readonly message: string; readonly hint: string }
  /** A round could not be done; the next is tried after so many seconds. */
  | {
      readonly type: 'failed';
      readonly code: string;
      readonly message: string;
      readonly hint: string;
      readonly retryAfterSeconds: number;
    }
  | { readonly type: 'note'; readonly about: string; readonly text: string };

export interface FollowOptions {
  readonly sources: readonly string[];
  /** Between the beginnings of two rounds. */
  readonly intervalMs: number;
  /** Ends after one round that came to its end. Default: false. */
  readonly once?: boolean;
  on(event: FollowEvent): void;
  /** Whether the execution that holds an unfinished run is still alive, on AWS. Default: a run under way has the lock. */
  isAlive?(execution: string): Promise<boolean>;
  /** Looked at once nobody else may write: whether the lake has to be opened again, as by another campus.yaml. */
  isOutdated(): Promise<boolean>;
}

/** How it ended; `stopped` by the signal of the lake. */
export type FollowEnd = 'done' | 'stopped' | 'outdated';

/** The server, and who else wants to write, get a moment between two rounds. */
const LEAST_PAUSE_MS = 1_000;
/** How soon it is looked again whether a run has ended. */
const LOOK_AGAIN_MS = 2_000;
const LONGEST_BACK_OFF_MS = 5 * 60_000;
const SWEEP_MS = 3600_000;

/**
 * Follows the changes of sources, round by round, until the lake's signal is aborted. Between two rounds anything else
 * may run; a run that was interrupted is not overtaken, since the next run continues it.
 * @throws with `once` what keeps the round from being done
 */
export async function follow(lake: Lake, options: FollowOptions): Promise<FollowEnd> {
  const residents: NamedResident[] = [];
  try {
    for (const { name, open } of await wantedResidents(lake))
      residents.push({ name, resident: await open(lake, { once: options.once === true }) });
    return await new Following(lake, options, residents).go();
  } finally {
    for (const { resident } of residents) await resident.close();
  }
}

/** The features whose work goes on while changes are followed. */
export async function wantedResidents({
  campus,
  features = [],
}: Pick<Lake, 'campus' | 'features'>): Promise<{ name: string; open: OpenResident }[]> {
  const wanted = features.filter(({ resident }) => resident?.isWanted(campus));
  return Promise.all(wanted.map(async ({ name, resident }) => ({ name, open: await resident!.load() })));
}

class Following {
  readonly #lake: Lake;
  readonly #options: FollowOptions;
  readonly #visibility: Visibility;
  readonly #models = new LiveModels();
  readonly #residents: readonly NamedResident[];
  readonly #features = new FeatureRounds();
  /** Something may be left of an earlier round. */
  #unsure = true;
  #failures = 0;
  #sweptAt: number;
  #waitingFor = '';

  constructor(lake: Lake, options: FollowOptions, residents: readonly NamedResident[]) {
    this.#lake = lake;
    this.#options = options;
    this.#residents = residents;
    this.#visibility = new Visibility(lake.platform.ledger);
    this.#sweptAt = lake.platform.clock.now();
  }

  async go(): Promise<FollowEnd> {
    const { clock } = this.#lake.platform;
    try {
      for (;;) {
        if (this.#lake.signal.aborted) return 'stopped';
        const begun = clock.now();
        const next = await this.#turn();
        if (next === 'outdated') return 'outdated';
        if (next === 'done' && this.#options.once) return 'done';
        const rest = next === 'done' ? this.#options.intervalMs - Math.max(0, clock.now() - begun) : next;
        await clock.sleep(Math.max(LEAST_PAUSE_MS, rest), this.#lake.signal).catch(() => undefined);
      }
    } finally {
      await this.#visibility.flush().catch(() => undefined);
    }
  }

  /** @returns in how many ms to try again, where no round was done */
  async #turn(): Promise<'done' | 'outdated' | number> {
    const { ledger } = this.#lake.platform;
    try {
      const lock = await ledger.lock(FOLLOWING);
      try {
        const held = await this.#heldBack();
        if (held && this.#options.once) throw held;
        if (held) return this.#wait(held.message, held.hint ?? '');
        if (await this.#options.isOutdated()) return 'outdated';
        this.#waitingFor = '';
        await this.#round();
        await this.#sweepInTime();
      } finally {
        await lock.release().catch(() => undefined);
      }
      this.#failures = 0;
      return 'done';
    } catch (error) {
      if (this.#lake.signal.aborted) return 0;
      if (this.#options.once) throw error;
      if (error instanceof RunLockedError) return this.#wait(error.message, error.hint ?? '');
      return this.#backOff(error);
    }
  }

  async #round(): Promise<void> {
    const lake = this.#lake;
    const { clock, ledger } = lake.platform;
    const begun = clock.now();
    const { sources } = this.#options;
    const due = this.#unsure ? await unfinished(lake, sources) : [];
    this.#unsure = true;
    const models = this.#models;
    const residents = this.#residents;
    const features = this.#features;
    const load = newLiveLoad(begun);
    const round = await liveRound(lake, { load, sources, models, residents, features, due });
    this.#unsure = round.failed.length > 0;
    const { tables, failed, asOf, publishedAt } = round;
    for (const text of round.remarks) this.#options.on({ type: 'note', about: sources.join(', '), text });
    const oldest = Object.values(asOf).toSorted()[0];
    if (publishedAt !== undefined && oldest !== undefined) {
      await this.#visibility.saw({ load, publishedAt, asOf: oldest }, tables);
    }
    const delay =
      publishedAt === undefined
        ? undefined
        : delayOf(tables.flatMap(({ commits }) => delaysOf(commits, Date.parse(publishedAt))));
    this.#options.on({
      type: 'round',
      load,
      seconds: (clock.now() - begun) / 1000,
      asOf,
      ...(publishedAt === undefined ? {} : { publishedAt }),
      tables: tables.map(({ dataset, changes, kind }) => ({ dataset, changes, kind })),
      models: round.models,
      failed,
      ...(delay ? { delay } : {}),
    });
    await ledger.health?.forget();
  }

  /** A run that the next one continues has tables in its hands that are newer or older than those of a round. */
  async #heldBack(): Promise<RunLockedError | undefined> {
    const { clock, ledger } = this.#lake.platform;
    const record = (await readRunRecord(ledger))?.value;
    if (record?.status === 'running' && record.holder !== undefined) {
      if (await this.#options.isAlive?.(record.holder))
        return new RunLockedError(`Run ${record.run} is under way since ${record.startedAt}.`, {
          about: record.run,
          hint: 'Changes are followed again once it has ended.',
        });
    }
    if (!record || !isContinued(record, clock.now())) return undefined;
    return new RunLockedError(`Run ${record.run} was interrupted, and the next run continues it.`, {
      about: record.run,
      hint: 'Run `lake run`: changes are followed again once it has ended, or six hours after it began.',
    });
  }

  #wait(message: string, hint: string): number {
    if (message !== this.#waitingFor) this.#options.on({ type: 'waiting', message, hint });
    this.#waitingFor = message;
    return LOOK_AGAIN_MS;
  }

  #backOff(error: unknown): number {
    this.#failures += 1;
    this.#unsure = true;
    const least = Math.min(this.#options.intervalMs * 2 ** (this.#failures - 1), LONGEST_BACK_OFF_MS);
    const pause = Math.round(least * (0.75 + Math.random() / 2));
    const { code, message, hint } = failureOf(error);
    this.#options.on({ type: 'failed', code, message, hint, retryAfterSeconds: Math.ceil(pause / 1000) });
    return pause;
  }

  /** Versions that nobody reads any more go hourly: as a rule a round leaves a few small files behind. */
  async #sweepInTime(): Promise<void> {
    const now = this.#lake.platform.clock.now();
    if (Math.abs(now - this.#sweptAt) < SWEEP_MS) return;
    this.#sweptAt = now;
    await sweep.run({ run: newLiveLoad(now) }, this.#lake);
  }
}

/** Datasets that a round which was killed or failed has left: committed and not staged, staged and not checked, or not shown. */
export async function unfinished(lake: Lake, sources: readonly string[]): Promise<string[]> {
  const current = await readPublication(lake.platform);
  const known = new Set(sources.flatMap((source) => lake.catalog.of(source).map(({ id }) => id)));
  return (await listStates(lake.platform.ledger)).flatMap((state) => {
    const { dataset, committed, pending, table } = state;
    if (!known.has(dataset) || !committed?.feed) return [];
    const shown = JSON.stringify(current?.tables[dataset]?.storage);
    const isShown = JSON.stringify(goodOf(state)?.version.storage) === shown;
    return pending.length > 0 || table.phase === 'unchecked' || !isShown ? [dataset] : [];
  });
}
