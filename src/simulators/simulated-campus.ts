import { type CanvasSimulator, type CanvasSimulatorOptions, startCanvasSimulator } from './canvas/server.ts';
import type { College } from './college/college.ts';
import { currentTermWeek, generateCollege } from './college/generate.ts';
import { type SisSimulator, startSisSimulator } from './sis/server.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface CollegeChoice {
  /** Folder with the files of the Open University dataset: its real students. Default: a made-up college. */
  readonly oulad?: string;
  /** Students of the made-up college. Default: 2,000. */
  readonly students?: number;
  /** Default: 1. */
  readonly seed?: number;
}

/** The week of the current term at which a made-up college stands when nothing else is asked for. */
const DEFAULT_WEEK = 7;
/** Likewise for the real one: eight weeks into its last presentation, 2013J. */
const DEFAULT_REAL_START = Date.UTC(2013, 10, 26, 12);

/** The chosen college, to be made, and the instant (epoch ms) at which it is most worth looking at. */
export function chooseCollege(choice: CollegeChoice): { college: () => Promise<College>; start: number } {
  const { oulad, students = 2000, seed = 1 } = choice;
  if (oulad !== undefined) {
    const college = async () => (await import('./college/oulad.ts')).readOulad(oulad);
    return { college, start: DEFAULT_REAL_START };
  }
  return { college: async () => generateCollege({ students, seed }), start: currentTermWeek(DEFAULT_WEEK) };
}

export interface SimulatedCampusOptions {
  /** One that is still to be made is made while the files of the database are. */
  readonly college: College | (() => Promise<College>);
  /** Epoch ms. */
  readonly start: number;
  /** Folder for the database of the SIS. */
  readonly directory: string;
  /** Which of the two to start. Default: both. */
  readonly which?: 'canvas' | 'sis' | 'both';
  /** Whether time goes on by itself. Default: it stands still until moved. */
  readonly running?: boolean;
  /** How its Canvas behaves. Default: jobs are done at once, with all that happened until then. */
  readonly canvas?: Pick<CanvasSimulatorOptions, 'jobDelay' | 'refreshMs' | 'until'>;
  readonly canvasPort?: number;
  readonly sisPort?: number;
}

export interface SimulatedCampus {
  readonly college: College;
  readonly clock: VirtualClock;
  readonly canvas?: CanvasSimulator;
  readonly sis?: SisSimulator;
  /** Moves both systems to an instant (epoch ms): what happened until then is there afterwards. */
  advanceTo(instant: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a college's Canvas and its student information system on one clock. */
export async function startSimulatedCampus(options: SimulatedCampusOptions): Promise<SimulatedCampus> {
  const { which = 'both' } = options;
  const clock = new VirtualClock(options.start, { running: options.running ?? false });
  const make = async () => (typeof options.college === 'function' ? options.college() : options.college);
  // Making a college keeps this thread busy: the database's own processes must be at work by then.
  let begun = () => {};
  const college =
    which === 'canvas'
      ? make()
      : new Promise<void>((resolve) => {
          begun = resolve;
        }).then(make);
  college.catch(() => {}); // Its awaiter sees the error.
  const [canvas, sis] = await Promise.all([
    which === 'sis'
      ? undefined
      : college.then((known) =>
          startCanvasSimulator({ ...options.canvas, college: known, clock, port: options.canvasPort }),
        ),
    which === 'canvas'
      ? undefined
      : startSisSimulator({
          college,
          clock,
          directory: options.directory,
          port: options.sisPort,
          begun,
        }),
  ]);
  return {
    college: await college,
    clock,
    canvas,
    sis,
    async advanceTo(instant) {
      clock.advanceTo(instant);
      await sis?.advance();
    },
    async stop() {
      await Promise.all([canvas?.stop(), sis?.stop()]);
    },
  };
}
