import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { findCatalogFiles } from '../../src/campus/files.ts';
import type { LoadedCampus } from '../../src/campus/load.ts';
import { InputError } from '../../src/errors.ts';
import { failureOf } from '../../src/failure.ts';
import { type FollowEvent, follow, wantedResidents } from '../../src/pipeline/live/follow.ts';
import { currentPublicationId } from '../../src/pipeline/publication.ts';
import type { EventSink } from '../../src/ports/events.ts';
import type { Lake } from '../../src/ports/step.ts';
import { followedSources } from '../../src/sis/take-changes.ts';
import { wholeNumber } from '../../src/whole-number.ts';
import { loadCampus } from '../load-campus.ts';
import { stopSignal } from '../stop-signal.ts';
import { withLake } from '../with-lake.ts';
import { addCommonOptions, type CommonFlags, EXIT, runCommand } from './common.ts';
import { showFollowing } from './follow/show.ts';

interface FollowFlags extends CommonFlags {
  readonly interval: string;
  readonly once?: boolean;
}

/** Seconds. */
const INTERVAL = { min: 1, max: 3600 };

export function defineFollow(command: Command): void {
  addCommonOptions(command)
    .option('--interval <seconds>', 'from the beginning of one round to that of the next', '20')
    .option('--once', 'one round, and no more')
    .addHelpText(
      'after',
      `
Between two runs: reads what changed in each SIS with replication: full-load-and-cdc, merges it into the staged tables
and publishes all of it at once, round after round, until Ctrl+C. Receives the live events of each Canvas that sends any.
Models are rebuilt where they say "-- refresh: live", the others by the next \`lake run\`, which may be started at any
time: the round under way ends first.
With --json each event is a line: "round", "waiting", "failed", "note". docs/live.md tells how to run it as a service.
Exit code: 0 stopped, 1 the round of --once failed, 2 nothing to follow.

Examples:
  $ lake follow
  $ lake follow --once --json
  $ lake follow --interval 5`,
    )
    .action((flags: FollowFlags) => runCommand(() => followCampus(flags), flags));
}

async function followCampus(flags: FollowFlags): Promise<number> {
  const intervalMs = wholeNumber('--interval', flags.interval, INTERVAL) * 1000;
  const signal = stopSignal();
  const shown = showFollowing({ json: flags.json === true });
  let failed = false;
  const on = (event: FollowEvent) => {
    if (event.type === 'round') failed = event.failed.length > 0;
    shown.on(event);
  };
  const events: EventSink = {
    publish: (event) => {
      if (event.type === 'note') shown.on(event);
    },
  };
  try {
    let opened = await openFiles(flags);
    for (;;) {
      const { loaded, filesNow, files } = opened;
      const end = await withLake(loaded, { signal, events }, async (lake) => {
        const sources = await toFollow(lake);
        const isOutdated = async () => (await filesNow()) !== files;
        return follow(lake, { sources, intervalMs, once: flags.once, on, isOutdated });
      });
      if (end !== 'outdated') break;
      const again = await openAgain(flags, on, signal);
      if (!again) break;
      opened = again;
    }
  } finally {
    shown.end();
  }
  return flags.once && failed ? EXIT.failed : EXIT.done;
}

/** @throws InputError where there is nothing to follow, or nothing yet to publish it into */
async function toFollow(lake: Lake): Promise<string[]> {
  const sources = followedSources(lake);
  if (sources.length === 0 && (await wantedResidents(lake)).length === 0)
    throw new InputError('No source of this campus has changes that could be followed.', {
      about: 'campus.yaml',
      hint: 'give a SIS with kind: postgres `replication: full-load-and-cdc` (docs/sis.md), or let a Canvas send live events (docs/live.md)',
    });
  if ((await currentPublicationId(lake.platform.ledger)) === undefined)
    throw new InputError('Nothing is published yet.', {
      hint: 'run `lake run` first: it decides which tables and models there are',
    });
  return sources;
}

interface OpenedFiles {
  readonly loaded: LoadedCampus;
  /** The state of campus.yaml and its catalog when they were read. */
  readonly files: string;
  filesNow(): Promise<string>;
}

/**
 * Reads campus.yaml and its catalog. The first reading tells where the catalog is; their state is taken before the second,
 * so that no edit in between goes unseen.
 */
async function openFiles(flags: CommonFlags): Promise<OpenedFiles> {
  const { campus } = await loadCampus(flags.campus);
  const file = /\.ya?ml$/.test(flags.campus) ? resolve(flags.campus) : resolve(flags.campus, 'campus.yaml');
  const filesNow = async () => {
    const names = [file, ...(await findCatalogFiles(resolve(campus.root, campus.catalog)))];
    const states = names.map(async (name) => {
      const found = await stat(name).catch(() => undefined);
      return `${name} ${found?.mtimeMs} ${found?.size}`;
    });
    return (await Promise.all(states)).join('\n');
  };
  const files = await filesNow();
  return { loaded: await loadCampus(flags.campus), files, filesNow };
}

const LOOK_AGAIN_MS = 10_000;

/** Reads the files again after an edit. While they have a mistake, it is shown and nothing is followed. */
async function openAgain(
  flags: CommonFlags,
  on: (event: FollowEvent) => void,
  signal: AbortSignal,
): Promise<OpenedFiles | undefined> {
  while (!signal.aborted) {
    try {
      return await openFiles(flags);
    } catch (error) {
      const { code, message, hint } = failureOf(error);
      on({ type: 'failed', code, message, hint, retryAfterSeconds: LOOK_AGAIN_MS / 1000 });
      await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}
