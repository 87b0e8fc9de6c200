import type { Campus, Catalog } from '../src/campus/campus.ts';
import { FEATURES } from '../src/features.ts';
import { openEvents } from '../src/pipeline/event-bus.ts';
import { openLake } from '../src/pipeline/lake.ts';
import type { EventSink } from '../src/ports/events.ts';
import type { Platform } from '../src/ports/platform.ts';
import type { Lake } from '../src/ports/step.ts';
import { loadCampus } from './load-campus.ts';
import { commandSession } from './session.ts';

/** Where the lake lives. */
export type Target = 'local' | 'aws';

export interface OpenOptions {
  /** Default: nobody hears them. */
  readonly events?: EventSink;
  readonly signal?: AbortSignal;
  /** Default: local. */
  readonly target?: Target;
}

/** Opens the lake of a loaded campus in its target for the time of `work`. */
export async function withLake<T>(
  { campus, catalog }: { campus: Campus; catalog: Catalog },
  options: OpenOptions,
  work: (lake: Lake) => Promise<T>,
): Promise<T> {
  const platform = await openPlatform(campus, options.target);
  try {
    const signal = options.signal ?? new AbortController().signal;
    const events = options.events ?? openEvents();
    return await work(
      openLake({ campus, catalog, platform, session: commandSession(), features: FEATURES, events, signal }),
    );
  } finally {
    await platform.close();
  }
}

/** The same for a `campus.yaml`. */
export async function withLakeAt<T>(
  file: string,
  options: OpenOptions,
  work: (lake: Lake) => Promise<T>,
): Promise<T> {
  return withLake(await loadCampus(file), options, work);
}

/** Each target is loaded when it is asked for: one need not wait for the other's libraries. */
async function openPlatform(campus: Campus, target: Target = 'local'): Promise<Platform> {
  if (target === 'local') {
    const { openLocalPlatform } = await import('../src/platform/local/platform.ts');
    return openLocalPlatform(campus, { features: FEATURES });
  }
  const [{ findDeployed }, { openAwsPlatform }] = await Promise.all([
    import('../src/platform/aws/deployed.ts'),
    import('../src/platform/aws/platform.ts'),
  ]);
  return openAwsPlatform((await findDeployed(campus)).places, campus, { features: FEATURES });
}
