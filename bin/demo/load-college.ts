import type { Campus } from '../../src/campus/campus.ts';
import type { LoadedCampus } from '../../src/campus/load.ts';
import { FEATURES } from '../../src/features.ts';
import { loadAllModels } from '../../src/models/build-model.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import { planFor } from '../../src/pipeline/plan.ts';
import { runLake } from '../../src/pipeline/run.ts';
import { lakeFolders } from '../../src/platform/local/folders.ts';
// `withLake` asks for it when it opens the first lake: here it is read in with the rest.
import '../../src/platform/local/platform.ts';
import { makeWarehouse } from '../../src/platform/local/warehouse.ts';
import { showProgress } from '../progress/progress.ts';
import { withLake } from '../with-lake.ts';
import { showAnswer } from './answer.ts';
import type { ConnectionInfo } from './college-process.ts';

/** Does beforehand what the first load would wait for. */
export async function makeReady({ campus }: LoadedCampus): Promise<void> {
  const { port, readOnlyUser: readers } = campus.warehouse;
  const directory = lakeFolders(campus).warehouse;
  // Models are read, and the translator with them, while the database's own processes work.
  await Promise.all([
    makeWarehouse({ directory, port, readers }),
    loadAllModels({ campus, features: FEATURES }),
  ]);
}

/** Loads what is new behind the connections of a college, with progress. @returns whether the run succeeded */
export async function loadCollege(
  loaded: LoadedCampus,
  connections: ConnectionInfo,
  signal: AbortSignal,
): Promise<boolean> {
  const progress = showProgress(planFor(loaded.campus, FEATURES), { silent: false });
  const events = openEvents(progress.subscriber);
  try {
    const { record } = await withLake(pointedAt(loaded, connections), { events, signal }, (lake) =>
      runLake({ lake, events }),
    );
    return record.status === 'succeeded';
  } finally {
    await progress.finish();
  }
}

/** Asks the loaded lake for which it is there. */
export function answerOf(
  loaded: LoadedCampus,
  connections: ConnectionInfo,
  say: (text: string) => void,
): Promise<void> {
  return withLake(pointedAt(loaded, connections), {}, (lake) => showAnswer(lake, say));
}

/** The project's own campus with the simulated college behind its sources. */
function pointedAt(loaded: LoadedCampus, { college, timeZone, canvas, sis }: ConnectionInfo): LoadedCampus {
  process.env.CANVAS_CLIENT_ID = canvas.clientId;
  process.env.CANVAS_CLIENT_SECRET = canvas.clientSecret;
  process.env.SIS_PASSWORD = sis.password;
  const sources: Campus['sources'] = Object.fromEntries(
    Object.entries(loaded.campus.sources).map(([name, source]) => [
      name,
      source.kind === 'canvas'
        ? { ...source, url: canvas.url }
        : { ...source, host: sis.host, port: sis.port, database: sis.database, user: sis.user },
    ]),
  );
  return { ...loaded, campus: { ...loaded.campus, name: college, timeZone, sources } };
}
