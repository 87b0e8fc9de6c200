import type { Campus } from '../../src/campus/campus.ts';
import type { LoadedCampus } from '../../src/campus/load.ts';
import { planFor } from '../../src/pipeline/plan.ts';
import { runLake } from '../../src/pipeline/run.ts';
import { withLake } from '../home.ts';
import { showProgress } from '../progress/progress.ts';
import { showAnswer } from './answer.ts';
import type { Doors } from './college-process.ts';

/** Loads what is new behind the doors of a college, with progress. @returns whether the run succeeded */
export async function loadCollege(loaded: LoadedCampus, doors: Doors, signal: AbortSignal): Promise<boolean> {
  const progress = showProgress(planFor(loaded.campus), { silent: false });
  try {
    const { record } = await withLake(pointedAt(loaded, doors), { watch: progress.watch, signal }, (lake) =>
      runLake({ lake, watch: progress.watch }),
    );
    return record.status === 'succeeded';
  } finally {
    await progress.finish();
  }
}

/** Asks the loaded lake for which it is there. */
export function answerOf(loaded: LoadedCampus, doors: Doors, say: (text: string) => void): Promise<void> {
  return withLake(pointedAt(loaded, doors), {}, (lake) => showAnswer(lake, say));
}

/** The project's own campus with the simulated college behind its sources. */
function pointedAt(loaded: LoadedCampus, { college, timeZone, canvas, sis }: Doors): LoadedCampus {
  process.env.CANVAS_CLIENT_ID = canvas.clientId;
  process.env.CANVAS_CLIENT_SECRET = canvas.clientSecret;
  process.env.SIS_PASSWORD = sis.password;
  const sources: Campus['sources'] = Object.fromEntries(
    Object.entries(loaded.campus.sources).map(([name, source]) => [
      name,
      source.kind === 'canvas'
        ? // The simulator has no limits; Canvas's five new jobs a minute would make a long demo.
          { ...source, url: canvas.url, jobsPerMinute: 6000 }
        : { ...source, host: sis.host, port: sis.port, database: sis.database, user: sis.user },
    ]),
  );
  return { ...loaded, campus: { ...loaded.campus, name: college, timeZone, sources } };
}
