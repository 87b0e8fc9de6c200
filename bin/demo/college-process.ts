import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LakeError } from '../../src/errors.ts';
import type { CollegeChoice, SimulatedCampusOptions } from '../../src/simulators/simulated-campus.ts';

type Opening = CollegeChoice & {
  readonly directory: string;
  readonly which: NonNullable<SimulatedCampusOptions['which']>;
};

/** What a process of the college is told, and what it answers. */
export type Order = { readonly open: Opening } | { readonly advanceTo: number };

export interface Doors {
  readonly college: string;
  readonly timeZone: string;
  readonly provenance: string;
  /** Epoch ms. */
  readonly now: number;
  readonly canvas: { readonly url: string; readonly clientId: string; readonly clientSecret: string };
  readonly sis: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    readonly password: string;
  };
}

/** The doors of those systems that a process runs. */
export type OwnDoors = Omit<Doors, 'canvas' | 'sis'> & Partial<Pick<Doors, 'canvas' | 'sis'>>;

export type Reply = { readonly doors: OwnDoors } | { readonly now: number } | { readonly error: string };

/**
 * A simulated college apart from this process, as in life: its Canvas in one process and its student information
 * system in another, each of which makes the same college for itself. A real college is read by one: reading its files
 * costs more than running two systems. All end with this process, however it ends.
 */
export class CollegeProcesses {
  readonly #choice: CollegeChoice;
  readonly #systems: ReadonlyMap<Opening['which'], System>;

  /** Starts the processes; the college opens when it is told to. */
  constructor(choice: CollegeChoice) {
    this.#choice = choice;
    const apart = choice.oulad === undefined ? (['canvas', 'sis'] as const) : (['both'] as const);
    this.#systems = new Map(apart.map((which) => [which, new System()]));
  }

  /** @param directory for the database of the student information system */
  async open(directory: string): Promise<Doors> {
    const orders = [...this.#systems].map(([which, system]) =>
      system.ask({ open: { ...this.#choice, directory, which } }),
    );
    const doors = (await Promise.all(orders)).map((reply) => ('doors' in reply ? reply.doors : undefined));
    const all = Object.assign({}, ...doors.map((own) => own ?? {})) as Partial<Doors>;
    if (!all.canvas || !all.sis)
      throw new LakeError('The simulated college gave no answer that makes sense.');
    return all as Doors;
  }

  /** Lets time pass up to an instant (epoch ms). */
  async advanceTo(instant: number): Promise<void> {
    await Promise.all([...this.#systems.values()].map((system) => system.ask({ advanceTo: instant })));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#systems.values()].map((system) => system.close()));
  }
}

/** One process of the college. */
class System {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('./college-main.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });

  async ask(order: Order): Promise<Reply> {
    const child = this.#child;
    const reply = await new Promise<Reply>((resolve, reject) => {
      const ended = () => reject(new LakeError('The simulated college ended before it answered.'));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message as Reply);
      });
      child.send(order);
    });
    if ('error' in reply) throw new LakeError(`The simulated college failed: ${reply.error}`);
    return reply;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.connected) this.#child.disconnect();
    await gone;
  }
}
