import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UNFINISHED } from '../object-key.ts';
import { makeFolder, PRIVATE_FILE } from './files/durable.ts';
import { lifeOf, ownIdentity, type ProcessIdentity } from './files/process-identity.ts';

/** A writer that cannot be looked for is taken for dead after so long without a new draft. */
const UNSEEN_MS = 2 * 86_400_000;

/**
 * Files being written, in a folder for each process that writes. The folder says whose it is, so that the folders
 * of dead writers can be removed by the next one.
 */
export class Drafts {
  readonly #folder: string;
  readonly #own: string;
  #ready: Promise<void> | undefined;

  constructor(root: string) {
    this.#folder = path.join(root, UNFINISHED);
    this.#own = path.join(this.#folder, randomUUID());
  }

  /** A path that no other draft has. */
  async create(): Promise<string> {
    this.#ready ??= this.#prepare();
    await this.#ready;
    return path.join(this.#own, randomUUID());
  }

  async #prepare(): Promise<void> {
    await makeFolder(this.#own);
    await writeFile(path.join(this.#own, 'writer.json'), JSON.stringify(ownIdentity()), {
      mode: PRIVATE_FILE,
    });
    for (const name of await readdir(this.#folder)) await this.#removeIfDead(path.join(this.#folder, name));
  }

  async #removeIfDead(folder: string): Promise<void> {
    // One without a (whole) name tag belongs to a writer that is just starting, or was killed while starting:
    // it holds no drafts, and costs nothing.
    try {
      const text = await readFile(path.join(folder, 'writer.json'), 'utf8');
      const life = lifeOf(JSON.parse(text) as ProcessIdentity);
      if (life === 'alive') return;
      // Out of sight, as one in a container: every draft that it begins changes the folder.
      if (life === 'unknown' && Date.now() - (await stat(folder)).mtimeMs < UNSEEN_MS) return;
    } catch {
      return;
    }
    await rm(folder, { recursive: true, force: true });
  }
}
