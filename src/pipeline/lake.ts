import { setMaxListeners } from 'node:events';
import type { Campus, Catalog } from '../campus/campus.ts';
import { InputError } from '../errors.ts';
import type { CanvasOptions } from '../lms/canvas/canvas-source.ts';
import type { AccessRules } from '../ports/access.ts';
import type { EventSink } from '../ports/events.ts';
import type { Feature } from '../ports/feature.ts';
import type { LmsSource } from '../ports/lms-source.ts';
import type { Platform } from '../ports/platform.ts';
import type { Session } from '../ports/session.ts';
import type { Lake } from '../ports/step.ts';
import { heldBy } from './held-work.ts';

export interface LakeParts {
  readonly campus: Campus;
  readonly catalog: Catalog;
  readonly platform: Platform;
  /** Who has opened it. */
  readonly session: Session;
  /** The access policy, where the session is not the administrator's. Default: none. */
  readonly access?: AccessRules;
  /** As a rule `FEATURES`. */
  readonly features: readonly Feature[];
  readonly events: EventSink;
  readonly signal: AbortSignal;
  /** How patient an LMS is asked. Default: the source's own patience. */
  readonly lmsOptions?: Pick<CanvasOptions, 'retry' | 'longestWaitMs'>;
}

/** Joins a campus and a platform to what the steps work on. */
export function openLake({
  campus,
  catalog,
  platform,
  session,
  access,
  features,
  events,
  signal,
  lmsOptions,
}: LakeParts): Lake {
  // Every query and download under way listens to it; Node takes more than ten listeners for a leak.
  setMaxListeners(0, signal);
  const opened = new Map<string, LmsSource>();
  const report: Lake['report'] = {
    note: (about, text) => events.publish({ type: 'note', about, text }),
    progress: (about, done) => events.publish({ type: 'progress', about, done }),
  };
  return {
    campus,
    catalog,
    platform,
    session,
    access,
    features,
    report,
    signal,
    held: (asked) => heldBy({ campus, catalog, platform, features, report }, asked),
    lms(name) {
      const config = campus.sources[name];
      if (config?.kind !== 'canvas')
        throw new InputError(`campus.yaml has no LMS called "${name}".`, { about: name });
      let source = opened.get(name);
      if (!source) {
        source = onFirstUse(
          async () =>
            (await import('../lms/canvas/canvas-source.ts')).openCanvas(name, config, platform, {
              ...lmsOptions,
              signal,
              report,
            }),
          () => platform.clock.now(),
        );
        opened.set(name, source);
      }
      return source;
    },
  };
}

/**
 * A source that is opened when it is first asked: most commands ask none, and need not wait for its HTTP client.
 * @param now the time until a source gives its own
 */
function onFirstUse(open: () => Promise<LmsSource>, now: () => number): LmsSource {
  let opening: Promise<LmsSource> | undefined;
  let source: LmsSource | undefined;
  const opened = async (): Promise<LmsSource> => {
    opening ??= open();
    source = await opening;
    return source;
  };
  return {
    list: async (namespace) => (await opened()).list(namespace),
    schema: async (table) => (await opened()).schema(table),
    start: async (request) => (await opened()).start(request),
    poll: async (job) => (await opened()).poll(job),
    files: async (...given) => (await opened()).files(...given),
    now: () => source?.now() ?? now(),
  };
}
