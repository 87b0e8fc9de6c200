import { knownDatasets } from '../loads/known-datasets.ts';
import type { EventWriter } from '../ports/event-log.ts';
import type { OpenResident, Resident } from '../ports/feature.ts';
import { buildAndKeep } from './build.ts';
import { eraseFrom, openErased, type WithoutErased } from './erased.ts';
import type { Receiver } from './https.ts';
import { LiveState } from './live-state.ts';
import { receive } from './receive.ts';
import { type LiveSource, liveSources } from './sources.ts';
import { LIVE_TABLES } from './tables.ts';

/** How long events stay in the log, ms. */
export const RETENTION_MS = 7 * 86_400_000;
const TRUNCATE_EVERY_MS = 3600_000;

interface Receiving {
  readonly source: LiveSource;
  readonly log: EventWriter;
  state: LiveState;
  readonly receiver: Receiver;
}

/** Receives the live events of every source that has some, and shows them with each round. */
export const openReceiving: OpenResident = async (lake, options) => {
  const { events, clock } = lake.platform;
  const all: Receiving[] = [];
  let erased = await openErased(lake.platform.register);
  const without: WithoutErased = (event) => (erased ? erased.without(event) : event);
  const close = async () => {
    for (const { receiver } of all) await receiver.close();
    for (const { log } of all) await log.close();
  };
  try {
    for (const source of liveSources(lake.campus)) {
      const log = await events!.openWriter(source.name);
      try {
        const receiver = await receive(lake, source, log, { ...options, without });
        all.push({ source, log, state: new LiveState(source.name, without), receiver });
        lake.report.note(source.name, `live events are received at ${receiver.at}`);
      } catch (error) {
        await log.close();
        throw error;
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  let erasedState = '';
  let truncatedAt = Number.NEGATIVE_INFINITY;
  const resident: Resident = {
    async round(load) {
      erased = await openErased(lake.platform.register);
      if (erased && erased.state !== erasedState) {
        for (const one of all) {
          await eraseFrom(one.log, erased.without);
          one.state = new LiveState(one.source.name, without);
        }
        erasedState = erased.state;
      }
      for (const { state, log } of all) await state.readOn(log);
      const built = await showLive(
        lake,
        all.map(({ state }) => state),
        load,
      );
      const now = clock.now();
      if (Math.abs(now - truncatedAt) >= TRUNCATE_EVERY_MS) {
        truncatedAt = now;
        for (const { log } of all) await log.truncate(now - RETENTION_MS);
      }
      return built;
    },
    close,
  };
  return resident;
};

/**
 * Builds the tables that have changed, of all sources, without what a load has overtaken.
 * @param whole whether to build also those that have not changed
 */
export async function showLive(
  lake: Parameters<typeof buildAndKeep>[0],
  states: readonly LiveState[],
  load: string,
  whole = false,
): Promise<string[]> {
  const { ledger, clock } = lake.platform;
  const now = clock.now();
  const known = await knownDatasets({ campus: lake.campus, catalog: lake.catalog, ledger, now, run: load });
  for (const state of states)
    state.overtake((truth) => {
      const asOf = known.get(`${state.source}.${truth}`)?.asOf;
      return asOf === undefined ? undefined : Date.parse(asOf);
    }, now);
  const changed = new Set(states.flatMap((state) => state.changed().map(({ name }) => name)));
  const wanted = LIVE_TABLES.filter(({ name }) => whole || changed.has(name));
  const built: string[] = [];
  for (const [i, table] of wanted.entries()) {
    try {
      built.push(
        await buildAndKeep(
          lake,
          table,
          states.flatMap((state) => state.rows(table)),
          load,
        ),
      );
    } catch (error) {
      for (const state of states) for (const left of wanted.slice(i)) state.again(left);
      throw error;
    }
  }
  return built;
}
