import type { Campus, Catalog } from '../src/campus/campus.ts';
import { loadCampus } from '../src/campus/load.ts';
import type { Watch } from '../src/pipeline/events.ts';
import { openLake } from '../src/pipeline/lake.ts';
import { openLocalPlatform } from '../src/platform/local/platform.ts';
import type { Lake } from '../src/step.ts';

export interface OpenOptions {
  readonly watch?: Watch;
  readonly signal?: AbortSignal;
}

/** Opens the lake of a loaded campus on this machine for the time of `work`. */
export async function withLake<T>(
  { campus, catalog }: { campus: Campus; catalog: Catalog },
  options: OpenOptions,
  work: (lake: Lake) => Promise<T>,
): Promise<T> {
  const platform = await openLocalPlatform(campus);
  try {
    const signal = options.signal ?? new AbortController().signal;
    return await work(openLake({ campus, catalog, platform, watch: options.watch ?? (() => {}), signal }));
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

/** Aborted at the first Ctrl+C (or SIGTERM), so that work can end in order; a second Ctrl+C ends at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      controller.abort(new Error(`stopped by ${name}`));
      process.once(name, () => process.exit(1));
    });
  }
  return controller.signal;
}
