import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LakeError } from '../../src/errors.ts';
import type { CollegeChoice } from '../../src/simulators/simulated-campus.ts';

/** Commands to the process of the college, and its answers. */
export type Order =
  | { readonly open: CollegeChoice & { readonly directory: string } }
  | { readonly advanceTo: number };

export interface ConnectionInfo {
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

export type Reply =
  | { readonly connections: ConnectionInfo }
  | { readonly now: number }
  | { readonly error: string };

/** A simulated college in a process of its own, as in life; it ends with this one, however this one ends. */
export class CollegeProcess {
  readonly #child: ChildProcess;

  /** Starts the process; its college opens on command. */
  constructor() {
    this.#child = fork(fileURLToPath(new URL('./college-main.mjs', import.meta.url)), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  async open(choice: CollegeChoice & { directory: string }): Promise<ConnectionInfo> {
    const reply = await ask(this.#child, { open: choice });
    if (!('connections' in reply))
      throw new LakeError('The simulated college gave no answer that makes sense.');
    return reply.connections;
  }

  /** Lets time pass up to an instant (epoch ms). */
  async advanceTo(instant: number): Promise<void> {
    await ask(this.#child, { advanceTo: instant });
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.connected) this.#child.disconnect();
    await gone;
  }
}

async function ask(child: ChildProcess, order: Order): Promise<Reply> {
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
