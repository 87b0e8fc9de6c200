import type { CampusFile, LiveEventsConfig } from '../campus/campus-schema.ts';

export interface LiveSource {
  /** As campus.yaml calls it; the log of its events has the same name. */
  readonly name: string;
  readonly liveEvents: LiveEventsConfig;
}

/** The sources whose live events are received. */
export function liveSources({ sources }: Pick<CampusFile, 'sources'>): LiveSource[] {
  return Object.entries(sources).flatMap(([name, source]) =>
    'liveEvents' in source && source.liveEvents ? [{ name, liveEvents: source.liveEvents }] : [],
  );
}
